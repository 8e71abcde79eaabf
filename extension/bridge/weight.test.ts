import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { isLight } from './weight.ts'

const MEGABYTE = 1024 * 1024

const call = (body: unknown, more: object = {}): object => ({
  ...{ type: 'call.start', callId: 'a', method: 'POST', url: 'https://api.example.test/' },
  ...{ headers: [['content-type', 'application/json']], body, valetKey: 'x' },
  ...more,
})

describe('a message that may go past the port (C62)', () => {
  it.each([
    ['a chat', call({ kind: 'text', text: 'x'.repeat(100_000) })],
    ['bytes', call({ kind: 'bytes', bytes: new Uint8Array(100_000) })],
    ['a file, which travels by handle', call({ kind: 'blob', blob: new Blob(['x']) })],
    ['no body', call({ kind: 'none' })],
    ['a credit', { type: 'call.credit', callId: 'a', bytes: 5 }],
    [
      'an abort from the page’s own realm, as Firefox has it',
      runInNewContext("({ type: 'call.abort', callId: 'a' })"),
    ],
  ])('is %s', (_, message) => {
    expect(isLight(message)).toBe(true)
  })

  const cycle: Record<string, unknown> = {}
  cycle['again'] = cycle
  it.each([
    ['a long text', call({ kind: 'text', text: 'x'.repeat(MEGABYTE) })],
    ['many bytes', call({ kind: 'bytes', bytes: new Uint8Array(MEGABYTE) })],
    [
      'a byte of many',
      call({ kind: 'bytes', bytes: new Uint8Array(new ArrayBuffer(MEGABYTE), 0, 1) }),
    ],
    ['a long list', call({ kind: 'none' }, { headers: Array.from({ length: MEGABYTE }, () => 1) })],
    ['a long name', call({ kind: 'none' }, { ['x'.repeat(MEGABYTE)]: 1 })],
    ['a member nobody knows', call({ kind: 'none' }, { junk: 'x'.repeat(MEGABYTE) })],
    ['a thing that is no plain data', call({ kind: 'none' }, { junk: new Map() })],
    ['a circle', call({ kind: 'none' }, { junk: cycle })],
  ])('is not %s', (_, message) => {
    expect(isLight(message)).toBe(false)
  })
})
