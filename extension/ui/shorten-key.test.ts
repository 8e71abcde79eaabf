import { expect, it } from 'vitest'
import { VALET_KEY_SHAPES, createValetKey } from '@valetkey/wallet/protocol'
import { shortenKey } from './shorten-key.ts'

const zeros = (sizeBytes: number) => new Uint8Array(sizeBytes)

it.each(VALET_KEY_SHAPES.filter(({ template }) => template.length > 27))(
  'cuts a key of shape $id in the middle, keeping its start and its last four characters',
  ({ id }) => {
    const key = createValetKey(id, zeros)

    const [head = '', tail] = shortenKey(key).split('…')

    expect(key.startsWith(head)).toBe(true)
    expect(tail).toBe(key.slice(-4))
    expect(head.length).toBeLessThanOrEqual(22)
  },
)

it('keeps the marker in view, so that a valet key is known by sight', () => {
  expect(shortenKey(createValetKey('sk-ant-api03-93', zeros))).toContain('VALET')
})

it('leaves a text alone that would not become shorter', () => {
  expect(shortenKey('sk-short')).toBe('sk-short')
})
