import { recogniseKey } from '../providers/index.ts'
import { problem, type Part } from './piece.ts'

/** Names a key in a file of our own, on the line before it. */
export const LABEL_COMMENT = '# ValetKey: '

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*(?:=|:\s)[ \t]*/
const QUOTES = ['"', "'", '`']
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/**
 * Whether text reads as assignments or bare keys rather than as a table: its first line decides that is one
 * of these, or has a separator of tables.
 */
export function isEnvText(text: string): boolean {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const line = text.slice(start, end)
    start = end + 1
    if (isSilent(line)) continue
    if (ASSIGNMENT.test(line) || /^\s*[\w.-]+\s*$/.test(line)) return true
    if (/[,;\t|]/.test(line)) return false
  }
  return false
}

/**
 * Reads `.env` text: comments, `export`, bare and quoted values, values over several lines. Values are taken
 * literally: nothing is substituted. A line that is a key and nothing else is one too.
 */
export function* readEnv(text: string): Generator<Part> {
  const lines = text.split('\n')
  let label: string | null = null
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const place = index + 1
    if (isSilent(line)) {
      if (line.startsWith(LABEL_COMMENT)) label = line.slice(LABEL_COMMENT.length)
      continue
    }
    const [start = '', name] = ASSIGNMENT.exec(line) ?? []
    if (name === undefined) {
      const bare = line.trim()
      yield recogniseKey(bare) === null
        ? problem(place, 'no-assignment')
        : { kind: 'piece', place, value: bare, name: '', label: label ?? '' }
    } else {
      const found = readValue(lines, index, start.length)
      if ('reason' in found) yield problem(place, found.reason)
      else yield { kind: 'piece', place, value: found.value, name, label: label ?? name }
      index = found.last
    }
    label = null
  }
}

/** The value that begins in a line, and the line it ends in. */
type Value =
  | { readonly value: string; readonly last: number }
  | { readonly reason: 'quote-not-closed' | 'text-after-quote'; readonly last: number }

function readValue(lines: readonly string[], first: number, start: number): Value {
  const line = lines[first] ?? ''
  const quote = line.charAt(start)
  if (!QUOTES.includes(quote)) {
    return { value: withoutComment(line.slice(start)), last: first }
  }
  const parts: string[] = []
  let from = start + 1
  for (let last = first; last < lines.length; last++) {
    const current = lines[last] ?? ''
    const end = endOfQuote(current, from, quote)
    if (end < current.length) {
      parts.push(current.slice(from, end))
      if (!/^\s*(?:#.*)?$/.test(current.slice(end + 1))) return { reason: 'text-after-quote', last }
      const value = parts.join('\n')
      return { value: quote === '"' ? unescape(value) : value, last }
    }
    parts.push(current.slice(from))
    from = 0
  }
  // C90: this reads to the end of the text. It happens once for each kind of quote: were there another one
  // further on, it would have closed this value.
  return { reason: 'quote-not-closed', last: first }
}

/** Where the quote closes in a line; its length if it does not. A backslash escapes in double quotes only. */
function endOfQuote(line: string, from: number, quote: string): number {
  let index = from
  while (index < line.length && line.charAt(index) !== quote) {
    index += quote === '"' && line.charAt(index) === '\\' ? 2 : 1
  }
  return Math.min(index, line.length)
}

function unescape(text: string): string {
  return text.replace(/\\([nrt"'\\$`])/g, (_, character: string) => ESCAPES[character] ?? character)
}

/** A comment begins with a # behind a blank: a # inside a value is part of it. */
function withoutComment(text: string): string {
  const start = text.search(/(?:^|\s)#/)
  return (start < 0 ? text : text.slice(0, start)).trim()
}

function isSilent(line: string): boolean {
  return /^\s*(?:#|$)/.test(line)
}
