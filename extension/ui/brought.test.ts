import { describe, expect, it } from 'vitest'
import { createValetKey } from '@valetkey/wallet/protocol'
import { createDraw } from '@valetkey/wallet/testing'
import { judgeBrought, pickKeys } from './brought.ts'
import { MESSAGES } from './messages.ts'

const draw = createDraw('brought')
const groq = draw('gsk_{A52}')
const other = draw('gsk_{A52}')
const admin = draw('sk-ant-admin01-{U93}AA')
const valet = createValetKey('gsk-52', (sizeBytes) => new Uint8Array(sizeBytes))
const { refusals } = MESSAGES.addKey

describe('what is pasted beside the boxes', () => {
  it.each([
    ['a key', ` ${groq}\n`],
    ['a line of a .env file', `GROQ_API_KEY=${groq}`],
    ['a chat message', `here you go: ${groq}, keep it safe`],
  ])('leads to the form for one key: %s', (_what, text) => {
    expect(judgeBrought({ text })).toEqual({ kind: 'one', text: groq })
  })

  it.each([
    ['several keys', `${groq}\n${other}`],
    ['a name that may tell whose key it is', `MISTRAL_API_KEY=${draw('{A30}7Q')}`],
  ])('is looked at key by key: %s', (_what, text) => {
    expect(judgeBrought({ text })).toEqual({ kind: 'several' })
  })

  it.each([
    ['nothing of a known form', 'something else', MESSAGES.keys.nothingPasted],
    ['an admin key (C39)', admin, refusals.admin],
    ['a valet key', valet, refusals.valet],
  ])('is answered with a sentence: %s', (_what, text, reason) => {
    expect(judgeBrought({ text })).toEqual({ kind: 'refused', reason })
  })

  it('is always looked at first where it is a file', () => {
    expect(judgeBrought({ file: new File([groq], '.env') })).toEqual({ kind: 'several' })
  })
})

describe('the keys of a text of no format', () => {
  it('are named by their provider, each once, in their order', () => {
    expect(pickKeys(`mine: ${groq}. yours: ${other}, and ${groq} again`)).toEqual([
      `GROQ_API_KEY=${groq}`,
      `GROQ_API_KEY=${other}`,
    ])
  })

  it('are none that is never stored (C39)', () => {
    expect(pickKeys(`${admin} ${valet}`)).toEqual([])
  })
})
