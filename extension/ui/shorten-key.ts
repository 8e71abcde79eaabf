const TAIL_LENGTH = 4
const MARKER = /VALET/i

/** A valet key cut in the middle: enough of its start to know it by, and its last four characters. */
export function shortenKey(key: string): string {
  const marker = key.search(MARKER)
  const headLength = Math.max(12, marker < 0 ? 0 : marker + 9)
  if (key.length <= headLength + TAIL_LENGTH + 1) return key
  return `${key.slice(0, headLength)}…${key.slice(-TAIL_LENGTH)}`
}
