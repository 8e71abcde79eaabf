/** Room for any chat with a long history; pictures and recordings travel by handle. */
const LIGHT_BYTES = 1024 * 1024
const NODE_BYTES = 16
/** A call is its headers' pairs deep. */
const DEPTH = 6

/**
 * Whether a message may go past the runtime port. C62: the port refuses more than 64 MiB unread, a direct
 * channel nothing, and the worker would hold all of it before its schema sees it.
 * @param message as it came over a channel of the page: data alone, perhaps with cycles
 */
export function isLight(message: unknown): boolean {
  return weigh(message, LIGHT_BYTES, DEPTH) >= 0
}

/** What is left of a budget of bytes after a value; negative: too much, or nothing a call consists of. */
function weigh(value: unknown, budget: number, depth: number): number {
  const left = budget - NODE_BYTES
  if (left < 0) return left
  if (typeof value === 'string') return left - 2 * value.length
  if (typeof value !== 'object' || value === null) return left
  if (value instanceof Blob) return left
  // A message carries the whole buffer, however little of it is looked at.
  if (value instanceof Uint8Array) return left - value.buffer.byteLength
  if (depth === 0) return -1
  // By its tag: in Firefox what a page posts has the page's own prototypes. No clone has a tag of its own.
  if (!Array.isArray(value) && Object.prototype.toString.call(value) !== '[object Object]')
    return -1
  let rest = left
  for (const [name, member] of Object.entries(value)) {
    rest = weigh(member, rest - 2 * name.length, depth - 1)
    if (rest < 0) break
  }
  return rest
}
