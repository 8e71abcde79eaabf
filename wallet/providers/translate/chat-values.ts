/** Fields that several providers carry, read once. */
import type { JsonObject, JsonValue } from '../../protocol/index.ts'
import type { GivenField } from './chat-fields.ts'
import {
  below,
  countAt,
  flagAt,
  kindOf,
  listAt,
  malformed,
  maybeTextAt,
  numberAt,
  objectAt,
  openObjectAt,
  textAt,
  untranslatable,
  type Spot,
} from './spot.ts'

/** Both names of the limit are one; said twice, they must say the same. */
export function readTokenLimit({ value, spot, request }: GivenField): number {
  const limit = countAt(value, spot)
  const other = request['max_completion_tokens']
  if (limit === 0 || (typeof other === 'number' && other !== limit)) throw malformed(spot)
  return limit
}

export function readStop({ value, spot }: GivenField): string[] {
  if (typeof value === 'string') return [value]
  return listAt(value, spot).map((text, index) => textAt(text, below(spot, index)))
}

/** A number of the format's range. @throws `request.untranslatable` beyond what the provider takes */
export function readWithin({ value, spot }: GivenField, least: number, most: number): number {
  const number = numberAt(value, spot)
  if (number < least || number > most) throw untranslatable(spot)
  return number
}

/** What is asked of a stream is answered here: the provider reports its usage unasked. */
export function readStreamOptions({ value, spot, request }: GivenField): boolean {
  const given = objectAt(value, spot, ['include_usage', 'include_obfuscation'])
  if (request['stream'] !== true) throw malformed(spot)
  // Padding against listeners, which nobody adds on the way.
  const padding = below(spot, 'include_obfuscation')
  if (given.include_obfuscation != null && flagAt(given.include_obfuscation, padding)) {
    throw untranslatable(padding)
  }
  return given.include_usage != null && flagAt(given.include_usage, below(spot, 'include_usage'))
}

export type ResponseFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json' }
  | { readonly kind: 'schema'; readonly schema: JsonObject }

export function readResponseFormat({ value, spot }: GivenField): ResponseFormat {
  const type = kindOf(value, 'type')
  switch (type) {
    case 'text':
      objectAt(value, spot, ['type'])
      return { kind: 'text' }
    case 'json_object':
      objectAt(value, spot, ['type'])
      return { kind: 'json' }
    case 'json_schema': {
      const at = below(spot, type)
      return readSchema(objectAt(value, spot, ['type', type])[type], at)
    }
    default:
      throw type === '' ? malformed(spot) : untranslatable(below(spot, 'type'))
  }
}

/** A schema's name and description go into the schema, where JSON Schema has words for them. */
function readSchema(value: JsonValue | undefined, spot: Spot): ResponseFormat {
  const given = objectAt(value, spot, ['name', 'description', 'schema', 'strict'])
  const name = textAt(given.name, below(spot, 'name'))
  const description = maybeTextAt(given.description, below(spot, 'description'))
  if (given.strict != null) flagAt(given.strict, below(spot, 'strict'))
  const schema = openObjectAt(given.schema, below(spot, 'schema'))
  if (description !== null && (schema['description'] ?? description) !== description) {
    throw untranslatable(below(spot, 'description'))
  }
  return {
    kind: 'schema',
    schema: { title: name, ...schema, ...(description === null ? {} : { description }) },
  }
}
