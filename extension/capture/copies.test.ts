import { createValetKey } from '@valetkey/wallet/protocol'
import { createDraw, createSeededRandom } from '@valetkey/wallet/testing'
import { describe, expect, it } from 'vitest'
import { readCopied } from './copies.ts'

const draw = createDraw('copies')
const key = draw('csk-{l48}')

describe('what a page says it copied', () => {
  it.each([key, ` ${key}\n`, `export CEREBRAS_API_KEY="${key}"`])('is its key: %#', (text) => {
    expect(readCopied(text, 'cerebras')).toEqual({ key, storable: true })
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an object that calls itself a key', { toString: () => key }],
    ['a list', [key]],
    ['a key of another vendor (C59)', draw('gsk_{A52}')],
    ['two keys', `${key} ${draw('csk-{l48}')}`],
    ['a long text', `${'x '.repeat(5_000)}${key}`],
    ['a valet key', createValetKey('csk-48', createSeededRandom('copies'))],
    ['a masked key', `${key.slice(0, 8)}…${key.slice(-4)}`],
  ])('is nothing to offer: %s', (_, told) => {
    expect(readCopied(told, 'cerebras')).toBe(null)
  })
})
