import { describe, expect, it } from 'vitest'
import { createValetKey } from '@valetkey/wallet/protocol'
import { providerById } from '@valetkey/wallet/providers'
import { createDraw, createSeededRandom } from '@valetkey/wallet/testing'
import { readPageName, readProposedKey, readSelection } from './read-candidate.ts'

const draw = createDraw('read candidate')
const OPENAI = draw('sk-proj-{U74}' + ['T3Blb', 'kFJ'].join('') + '{U74}')
const OPENAI_ADMIN = draw('sk-admin-{U74}' + ['T3Blb', 'kFJ'].join('') + '{U74}')
const GROQ = draw('gsk_{A52}')
const MISTRAL = draw('{A30}7Q')
const VALET = providerById('openai')
  .valetKeyShapes.slice(0, 1)
  .map((shape) => createValetKey(shape, createSeededRandom('valet')))
  .join('')

describe('a key a dashboard’s script proposes', () => {
  it('is one whole key of the dashboard’s provider', () => {
    expect(readProposedKey(OPENAI, 'openai')).toBe(OPENAI)
    expect(readProposedKey(MISTRAL, 'mistral')).toBe(MISTRAL)
  })

  it.each<[string, string]>([
    ['a key of another provider', GROQ],
    ['an admin key (C39)', OPENAI_ADMIN],
    ['a valet key', VALET],
    ['a key with more around it', ` ${OPENAI}`],
    ['two keys', `${OPENAI} ${draw('sk-proj-{U74}' + ['T3Blb', 'kFJ'].join('') + '{U74}')}`],
    ['a part of one', OPENAI.slice(0, 40)],
    ['a masked one', `${OPENAI.slice(0, 12)}…${OPENAI.slice(-4)}`],
    ['a form that says little elsewhere', MISTRAL],
    ['nothing', ''],
  ])('is not %s', (_name, text) => {
    expect(readProposedKey(text, 'openai')).toBeNull()
  })
})

describe('a selection', () => {
  it('holds the one key in it, once or more often', () => {
    const found = { provider: 'openai', key: OPENAI }
    expect(readSelection(`Your key: ${OPENAI}. Copy it now.`, null)).toEqual(found)
    expect(readSelection(`${OPENAI}\n${OPENAI}`, null)).toEqual(found)
    expect(readSelection(MISTRAL, 'mistral')).toEqual({ provider: 'mistral', key: MISTRAL })
  })

  it.each<[string, string]>([
    ['none', 'Nothing to see here'],
    ['none', MISTRAL],
    ['several', `${OPENAI} and ${GROQ}`],
    ['valet', `apiKey: ${VALET}`],
  ])('is refused: %s', (reason, text) => {
    expect(readSelection(text, null)).toBe(reason)
  })

  it('is refused where the key in it administers an account (C39)', () => {
    expect(readSelection(OPENAI_ADMIN, null)).toBe('admin')
  })
})

describe('the name a page gives a key', () => {
  it('is one short line without marks that turn it around', () => {
    expect(readPageName('  my\n\u202Elaptop\u0000 ', OPENAI)).toBe('my laptop')
    expect(readPageName('x'.repeat(200), OPENAI)).toHaveLength(80)
    expect(readPageName(null, OPENAI)).toBe('')
  })

  it('is none where a key stands in it', () => {
    expect(readPageName(`key ${OPENAI}`, OPENAI)).toBe('')
    expect(readPageName(`key ${GROQ}`, OPENAI)).toBe('')
  })
})
