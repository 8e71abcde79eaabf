/** Bytes as the network may bring them: cut at places taken modulo the length, in order. */
export function cutAt(
  bytes: Buffer,
  places: readonly number[],
): readonly Uint8Array<ArrayBuffer>[] {
  const cuts = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)
  const ends = [...cuts, bytes.length]
  return ends.map((end, index) => new Uint8Array(bytes.subarray(ends[index - 1] ?? 0, end)))
}
