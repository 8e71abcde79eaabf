/** Punycode back to the letters a person sees (RFC 3492): a browser's URL has them in ASCII only. */

const PREFIX = 'xn--'
const [BASE, T_MIN, T_MAX] = [36, 1, 26]
const [SKEW, DAMP, INITIAL_BIAS, INITIAL_N] = [38, 700, 72, 128]
const LARGEST_CODE = 0x10ffff
const FIRST_SURROGATE = 0xd800
const LAST_SURROGATE = 0xdfff

/** A host as people read it; a label that is no Punycode stays as it is. */
export function shownHost(hostname: string): string {
  return hostname
    .split('.')
    .map((label) =>
      label.startsWith(PREFIX) ? (decode(label.slice(PREFIX.length)) ?? label) : label,
    )
    .join('.')
}

/** RFC 3492 §6.2. Null for what no encoder writes. */
function decode(encoded: string): string | null {
  const split = encoded.lastIndexOf('-')
  const output = Array.from(encoded.slice(0, Math.max(0, split)), (each) => each.charCodeAt(0))
  let at = split < 0 ? 0 : split + 1
  let [code, bias, place] = [INITIAL_N, INITIAL_BIAS, 0]
  while (at < encoded.length) {
    const before = place
    let weight = 1
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(encoded.charCodeAt(at++))
      if (digit === null) return null
      place += digit * weight
      if (place > Number.MAX_SAFE_INTEGER) return null
      const threshold = Math.min(T_MAX, Math.max(T_MIN, k - bias))
      if (digit < threshold) break
      weight *= BASE - threshold
    }
    const length = output.length + 1
    bias = adapt(place - before, length, before === 0)
    code += Math.floor(place / length)
    if (code > LARGEST_CODE || (code >= FIRST_SURROGATE && code <= LAST_SURROGATE)) return null
    place %= length
    output.splice(place, 0, code)
    place += 1
  }
  return String.fromCodePoint(...output)
}

/** RFC 3492 §6.1 */
function adapt(delta: number, length: number, isFirst: boolean): number {
  let left = Math.floor(delta / (isFirst ? DAMP : 2))
  left += Math.floor(left / length)
  let k = 0
  while (left > ((BASE - T_MIN) * T_MAX) / 2) {
    left = Math.floor(left / (BASE - T_MIN))
    k += BASE
  }
  return k + Math.floor(((BASE - T_MIN + 1) * left) / (left + SKEW))
}

/** `a`–`z` are 0–25, `0`–`9` are 26–35; null past the end, or for anything else. */
function digitOf(code: number): number | null {
  if (code >= 97 && code <= 122) return code - 97
  if (code >= 65 && code <= 90) return code - 65
  return code >= 48 && code <= 57 ? code - 22 : null
}
