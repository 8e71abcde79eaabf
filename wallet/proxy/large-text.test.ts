import { describe, expect, it } from 'vitest'
import { blobOfText } from './large-text.ts'

const PART = 256 * 1024

async function bytesOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await blobOfText(text).arrayBuffer())
}

describe('blobOfText', () => {
  it.each([
    ['letters of one byte', 'a'.repeat(3 * PART + 7)],
    ['letters of three bytes', '€'.repeat(PART + 5)],
    ['a pair at the end of a part', `${'a'.repeat(PART - 1)}😀${'b'.repeat(PART)}`],
    ['a pair that begins a part', `${'a'.repeat(PART)}😀`],
    ['nothing but pairs, out of step', `x${'😀'.repeat(PART)}`],
    ['half a pair at the end of a part', `${'a'.repeat(PART - 1)}\ud83d`],
    ['half a pair amid a part', `${'a'.repeat(PART)}\udc00b\ud83d`],
    ['no text', ''],
  ])('writes %s as the browser’s own encoder does', async (_name, text) => {
    const bytes = await bytesOf(text)
    expect(Buffer.compare(bytes, new TextEncoder().encode(text))).toBe(0)
  })
})
