import { expect, it } from 'vitest'
import { createValetKey } from '@valetkey/wallet/protocol'
import { createDraw } from '@valetkey/wallet/testing'
import { MESSAGES } from './messages.ts'
import { readPastedKey } from './pasted-key.ts'

const { refusals } = MESSAGES.addKey
const draw = createDraw('pasted')
const groqKey = draw('gsk_{A52}')

it('knows the provider of a key and cuts the white space of the clipboard', () => {
  expect(readPastedKey(`\n ${groqKey} `)).toEqual({
    kind: 'fit',
    secret: groqKey,
    provider: 'groq',
  })
})

it.each([
  ['a line of a .env file', `export GROQ_API_KEY="${groqKey}" # mine`],
  ['a variable', `GROQ_API_KEY=${groqKey}`],
  ['a message', `here is the key you asked for: ${groqKey}. Keep it safe`],
  ['the same key twice', `${groqKey}\n${groqKey}`],
])('takes the key out of %s', (_what, text) => {
  expect(readPastedKey(text)).toEqual({ kind: 'fit', secret: groqKey, provider: 'groq' })
})

it('leaves a key of unknown form to the person', () => {
  expect(readPastedKey('something-else')).toEqual({
    kind: 'fit',
    secret: 'something-else',
    provider: null,
  })
})

it.each([
  ['nothing', '  ', refusals.empty],
  ['a sentence', 'my key is gsk', refusals.spaces],
  [
    'a valet key',
    createValetKey('sk-48', (sizeBytes) => new Uint8Array(sizeBytes)),
    refusals.valet,
  ],
  [
    'a valet key in a longer text',
    `KEY=${createValetKey('gsk-52', (sizeBytes) => new Uint8Array(sizeBytes))}`,
    refusals.valet,
  ],
  ['two keys', `A=${groqKey} B=${draw('gsk_{A52}')}`, refusals.several],
  ['an admin key in a longer text (C39)', draw('KEY=sk-ant-admin01-{U93}AA'), refusals.admin],
  ['an admin key (C39)', `sk-ant-admin01-${'aB3'.repeat(31)}AA`, refusals.admin],
])('refuses %s and says why', (_what, text, reason) => {
  expect(readPastedKey(text)).toMatchObject({ kind: 'refused', reason })
})
