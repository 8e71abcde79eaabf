/** Google's APIs read every member in two spellings, `maxOutputTokens` and `max_output_tokens`. */
import type { JsonObject, JsonValue } from '../../protocol/index.ts'
import { refused } from '../formats/request-fields.ts'

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/**
 * An object's members under one spelling.
 * @throws `request.invalid` where both are there: we could judge one and Google read the other (C41)
 */
export function byCamelCase(object: JsonObject): JsonObject {
  const members = new Map<string, JsonValue>()
  for (const [name, value] of Object.entries(object)) {
    const camel = camelCase(name)
    if (members.has(camel)) throw refused('repeated name')
    members.set(camel, value)
  }
  return Object.fromEntries(members)
}

/** The spelling an object uses for a member, or the given one where it has none. */
export function spellingOf(object: JsonObject, name: string): string {
  return Object.keys(object).find((each) => camelCase(each) === name) ?? name
}
