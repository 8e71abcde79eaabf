import { WalletError } from './errors.ts'

/** A JSON value. */
export type JsonValue =
  null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue }
export type JsonObject = Record<string, JsonValue>

/**
 * Canonical JSON (RFC 8785), narrowed to what is hashed or signed here: safe integers and well-formed
 * text only (formats §1).
 * @throws `request.invalid` for fractions, numbers of 2⁵³ and more, and lone surrogates
 */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return canonicalNumber(value)
  if (typeof value === 'string') return canonicalText(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  // RFC 8785 §3.2.3 sorts by UTF-16 code units, which is how JavaScript compares strings.
  const members: string[] = []
  for (const name of Object.keys(value).sort()) {
    const member = value[name]
    // An optional member that is not there is left out, as JSON.stringify does: null would be another value.
    if (member !== undefined) members.push(`${canonicalText(name)}:${canonicalJson(member)}`)
  }
  return `{${members.join(',')}}`
}

function canonicalNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw refused('number')
  return JSON.stringify(value)
}

function canonicalText(text: string): string {
  // isWellFormed is ES2024: a lone surrogate is what encodeURIComponent refuses.
  try {
    encodeURIComponent(text)
  } catch {
    throw refused('surrogate')
  }
  return JSON.stringify(text)
}

function refused(reason: string): WalletError {
  return new WalletError('request.invalid', { reason })
}
