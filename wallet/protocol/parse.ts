/** The only place that calls JSON.parse. */
import type * as z from 'zod/mini'
import type { JsonObject, JsonValue } from './canonical-json.ts'
import { WalletError, type ErrorCode } from './errors.ts'

const MAX_DEPTH = 64

/**
 * Reads text as JSON; anything that is not JSON is `undefined`.
 */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

/**
 * Reads a request body that is about to be judged and sent on. Stricter than JSON where two readers
 * could see two requests (C41): no byte order mark, no repeated names, no `__proto__`, at most 64
 * levels, no integer a double cannot hold.
 * @throws `request.invalid`
 */
export function parseStrictJsonObject(text: string): JsonObject {
  const value = parseJson(text)
  if (!isJsonObject(value)) throw refused('json')
  assertNamesAsRead(assertStrict(text), value)
  return value
}

/** Checks a value of another party against a schema of ours. @throws `code` */
export function parseWith<T>(schema: z.ZodMiniType<T>, value: unknown, code: ErrorCode): T {
  let parsed: ReturnType<typeof schema.safeParse>
  try {
    parsed = schema.safeParse(value)
  } catch {
    // Nested deeper than the stack: no value of ours. Schemas that recurse read what was JSON, never a circle.
    throw new WalletError(code)
  }
  // The cause would quote the value, which may hold a secret: the code is all that is told.
  if (!parsed.success) throw new WalletError(code)
  return parsed.data
}

/** Whether a JSON value is an object, not an array and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether arrays and objects stand in one another deeper than `levels`. Recurses nowhere itself. */
export function isDeeperThan(value: JsonValue, levels: number): boolean {
  let containers = [value].filter(isContainer)
  for (let depth = 0; depth < levels && containers.length > 0; depth++) {
    containers = containers.flatMap(childrenOf).filter(isContainer)
  }
  return containers.length > 0
}

function isContainer(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null
}

function childrenOf(value: JsonValue): readonly JsonValue[] {
  if (typeof value !== 'object' || value === null) return []
  return Array.isArray(value) ? value : Object.values(value)
}

/**
 * One pass over text that JSON.parse took: only what JSON.parse lets through is looked for.
 * @returns the names that are written with an escape
 */
function assertStrict(text: string): readonly string[] {
  const escaped: string[] = []
  const names: (Set<string> | null)[] = []
  let index = 0
  let expectName = false
  while (index < text.length) {
    const character = text.charAt(index)
    if (character === '"') {
      const end = endOfString(text, index)
      const open = names.at(-1)
      if (expectName && open) {
        const quoted = text.slice(index, end)
        const name = addName(open, quoted)
        if (quoted.includes('\\')) escaped.push(name)
      }
      expectName = false
      index = end
      continue
    }
    if (character === '{' || character === '[') {
      names.push(character === '{' ? new Set() : null)
      if (names.length > MAX_DEPTH) throw refused('depth')
      expectName = character === '{'
    } else if (character === '}' || character === ']') {
      names.pop()
      expectName = false
    } else if (character === ',') {
      expectName = names.at(-1) != null
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      index = endOfNumber(text, index)
      continue
    }
    index += 1
  }
  return escaped
}

/**
 * Refuses what JSON.parse misread. V8 13.6 takes a name with an escape for one it saw at that place
 * before: after `{"a":0,"\\":0}` it reads the name in `{"a":0,"\/":0}` as a backslash. The
 * provider would be sent another request than the page wrote.
 */
function assertNamesAsRead(escaped: readonly string[], value: JsonObject): void {
  if (escaped.length === 0) return
  const unread = new Map<string, number>()
  for (const name of escaped) unread.set(name, (unread.get(name) ?? 0) + 1)
  for (const name of namesIn(value)) {
    const left = unread.get(name)
    if (left !== undefined) unread.set(name, left - 1)
  }
  if ([...unread.values()].some((left) => left > 0)) throw refused('misread name')
}

function* namesIn(value: JsonValue): Iterable<string> {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) yield* namesIn(item)
    return
  }
  for (const [name, member] of Object.entries(value)) {
    yield name
    yield* namesIn(member)
  }
}

function addName(open: Set<string>, quoted: string): string {
  const name = JSON.parse(quoted) as string
  if (name === '__proto__') throw refused('name')
  if (open.has(name)) throw refused('repeated name')
  open.add(name)
  return name
}

/** From quote to quote by the engine's own search: a picture in a body is one string of megabytes. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end + 1
}

function isEscaped(text: string, quote: number): boolean {
  let first = quote
  while (text.charAt(first - 1) === '\\') first -= 1
  return (quote - first) % 2 === 1
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1
  while (end < text.length && /[0-9+\-.eE]/.test(text.charAt(end))) end += 1
  const literal = text.slice(start, end)
  const value = Number(literal)
  if (!Number.isFinite(value)) throw refused('number')
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && !isExact(literal, value)) {
    throw refused('number')
  }
  return end
}

/** No double needs more; a longer one is not even looked at. */
const EXACT_LIMIT_CHARACTERS = 32

/**
 * Whether an integer beyond 2⁵³ is sent on as the number it was: `1e30` is, while `9007199254740993.0`
 * would go out as its neighbour.
 */
function isExact(literal: string, value: number): boolean {
  if (!/[eE]/.test(literal) || literal.length > EXACT_LIMIT_CHARACTERS) return false
  return decimalOf(literal) === decimalOf(String(value))
}

/** Significant digits and the power of ten behind them. */
function decimalOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}

function refused(reason: string): WalletError {
  return new WalletError('request.invalid', { reason })
}
