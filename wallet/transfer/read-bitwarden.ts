import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../protocol/index.ts'
import { problem, wordsOf, type Part } from './piece.ts'

/** An export of Bitwarden, or why its text is none we can read. */
export type BitwardenReading =
  | { readonly kind: 'read'; readonly parts: Iterable<Part> }
  | { readonly kind: 'refused'; readonly reason: 'encrypted' | 'not-understood' }

/** Reads the JSON export of Bitwarden: logins, secure notes and the person's own fields. */
export function readBitwarden(text: string): BitwardenReading {
  const value = parseJson(text)
  if (!isJsonObject(value)) return { kind: 'refused', reason: 'not-understood' }
  if (value['encrypted'] === true) return { kind: 'refused', reason: 'encrypted' }
  const items = value['items']
  if (!Array.isArray(items)) return { kind: 'refused', reason: 'not-understood' }
  return { kind: 'read', parts: partsOf(items) }
}

function* partsOf(items: readonly JsonValue[]): Generator<Part> {
  for (const [index, item] of items.entries()) {
    const place = index + 1
    if (isJsonObject(item) && typeof item['name'] === 'string') {
      yield* partsOfItem(item, item['name'], place)
    } else yield problem(place, 'item')
  }
}

function* partsOfItem(item: JsonObject, label: string, place: number): Generator<Part> {
  const login = isJsonObject(item['login']) ? item['login'] : {}
  for (const name of ['password', 'username']) {
    const value = textIn(login, name)
    if (value !== '') yield { kind: 'piece', place, value, name, label }
  }
  const fields = Array.isArray(item['fields']) ? item['fields'] : []
  for (const field of fields) {
    if (!isJsonObject(field)) continue
    const name = textIn(field, 'name')
    const value = textIn(field, 'value')
    if (value !== '') {
      yield { kind: 'piece', place, value, name, label: name === '' ? label : `${label}: ${name}` }
    }
  }
  for (const value of wordsOf(textIn(item, 'notes'))) {
    yield { kind: 'piece', place, value, name: 'notes', label }
  }
}

/** A member that is text, without blanks around it; '' for any other. */
function textIn(object: JsonObject, name: string): string {
  const value = object[name]
  return typeof value === 'string' ? value.trim() : ''
}
