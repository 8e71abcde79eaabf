import { expect, it } from 'vitest'
import { createValetKey } from '@valetkey/wallet/protocol'
import { MESSAGES } from './messages.ts'
import { readPastedKey } from './pasted-key.ts'

const { refusals } = MESSAGES.addKey
const groqKey = `gsk_${'aB3'.repeat(18).slice(0, 52)}`

it('knows the provider of a key and cuts the white space of the clipboard', () => {
  expect(readPastedKey(`\n ${groqKey} `)).toEqual({
    kind: 'fit',
    secret: groqKey,
    provider: 'groq',
  })
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
  ['an admin key (C39)', `sk-ant-admin01-${'aB3'.repeat(31)}AA`, refusals.admin],
])('refuses %s and says why', (_what, text, reason) => {
  expect(readPastedKey(text)).toEqual({ kind: 'refused', reason })
})
