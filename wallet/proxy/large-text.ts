/**
 * One part is one step of the encoder. `Blob` itself encodes a text far more slowly, and memory for all of
 * it at once costs more than the encoding.
 */
const PART_BYTES = 256 * 1024

/** A long text in UTF-8, by handle: as a string it would be copied while everything else waits. */
export function blobOfText(text: string): Blob {
  const encoder = new TextEncoder()
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let at = 0; at < text.length;) {
    const part = new Uint8Array(PART_BYTES)
    // As many bytes as letters: half of a pair at the end needs more than what is left, so none is parted.
    const { read, written } = encoder.encodeInto(text.slice(at, at + PART_BYTES), part)
    parts.push(part.subarray(0, written))
    at += read
  }
  return new Blob(parts)
}
