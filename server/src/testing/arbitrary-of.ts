/** Values of a JSON Schema, and values that are nearly of it. */
import * as fc from 'fast-check'

export interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly pattern?: string
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

/** Each value is of the schema, but for one in ten, anywhere in it, that is anything at all. */
export function arbitraryOf(schema: JsonSchema, depth = 0): fc.Arbitrary<unknown> {
  const anything = fc.oneof(
    fc.constantFrom<unknown>(null, '', -1, 1e308, '__proto__', '\u0000', '\ud800', [], {}, true),
    fc.anything({ maxDepth: 2 }),
  )
  return fc.oneof(
    { weight: 9, arbitrary: valid(schema, depth) },
    { weight: 1, arbitrary: anything },
  )
}

function valid(schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => arbitraryOf(one, depth)))
  if (schema.type === 'array') {
    const { items = {}, minItems: minLength = 0, maxItems = 3 } = schema
    return fc.array(arbitraryOf(items, depth + 1), { minLength, maxLength: Math.min(maxItems, 3) })
  }
  if (schema.type === 'object') return objectOf(schema, depth)
  if (schema.type === 'integer' || schema.type === 'number') {
    return fc.integer({
      min: schema.minimum ?? 0,
      max: Math.min(schema.maximum ?? 2 ** 31, 2 ** 31),
    })
  }
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'null') return fc.constant(null)
  if (schema.pattern !== undefined)
    return fc.stringMatching(new RegExp(schema.pattern), { size: '-1' })
  return fc.string({ maxLength: Math.min(schema.maxLength ?? 64, 64) })
}

function objectOf(schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.properties ?? {})
  const requiredKeys = [...(schema.required ?? [])]
  return fc.record(
    Object.fromEntries(members.map(([name, one]) => [name, arbitraryOf(one, depth + 1)])),
    { requiredKeys },
  )
}
