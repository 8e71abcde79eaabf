import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyMatcher } from './key-matcher.ts'

const KEY = ['sk-', 'q7Rw0ZkB4mX9', 'T3Blb', 'kFJp2L8vYc6NdHs1'].join('')
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const text = (part: Uint8Array): string => new TextDecoder().decode(part)

function scanned(key: string, parts: readonly string[]): string {
  const scan = new KeyMatcher(key).createScan()
  return text(
    Uint8Array.from([...parts.flatMap((part) => [...scan.push(bytes(part))]), ...scan.end()]),
  )
}

describe('the key matcher (C35)', () => {
  const hex = Buffer.from(KEY).toString('hex')
  const forms: Record<string, string> = {
    whole: KEY,
    'percent-encoded': hex.replaceAll(/../g, '%$&'),
    'percent-encoded in capitals': hex.replaceAll(/../g, '%$&').toUpperCase(),
    hex,
    base64: Buffer.from(KEY).toString('base64'),
    'base64 one byte in': Buffer.from(`:${KEY}:`).toString('base64'),
    'base64 two bytes in': Buffer.from(`::${KEY}::`).toString('base64'),
    'base64 of a header': Buffer.from(`Authorization: Bearer ${KEY}\n`).toString('base64'),
  }

  for (const [name, form] of Object.entries(forms)) {
    it(`removes the key ${name}, wherever a network read cuts it`, () => {
      const reply = `{"echo":"${form}"}`
      for (let cut = 0; cut <= reply.length; cut++) {
        const out = scanned(KEY, [reply.slice(0, cut), reply.slice(cut)])

        expect(out).toHaveLength(reply.length)
        expect(out).toContain('*'.repeat(KEY.length))
        expect(out.startsWith('{"echo":"') && out.endsWith('"}')).toBe(true)
      }
    })
  }

  it('leaves replies without the key byte for byte as they were, however cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (parts) => {
        expect(scanned(KEY, parts)).toBe(parts.map((part) => text(bytes(part))).join(''))
      }),
    )
  })

  it('keeps bytes that are no text as they were', () => {
    const audio = Uint8Array.from({ length: 4096 }, (_, index) => (index * 37) % 256)
    const scan = new KeyMatcher(KEY).createScan()

    const out = [...scan.push(audio.slice(0, 1000)), ...scan.push(audio.slice(1000)), ...scan.end()]

    expect(out).toEqual([...audio])
  })

  it('never masks a part of the key, and holds back the same whatever passes (C111)', () => {
    const matcher = new KeyMatcher(KEY)
    const guesses = [KEY.slice(0, -1), KEY.slice(1), KEY.slice(0, 8), KEY.slice(-4), 'x'.repeat(8)]

    for (const guess of guesses) {
      const scan = matcher.createScan()
      const first = scan.push(bytes(guess.padEnd(500, '.')))

      expect(first).toHaveLength(500 - (matcher.longest - 1))
      expect(text(first) + text(scan.end())).toBe(guess.padEnd(500, '.'))
    }
  })

  it('masks a key written twice, and one right after the other', () => {
    expect(scanned(KEY, [`${KEY}${KEY}`])).toBe('*'.repeat(KEY.length * 2))
  })
})
