/** The tools of a chat completion and the choice among them, read once. */
import type { JsonObject, JsonValue } from '../../protocol/index.ts'
import {
  below,
  flagAt,
  kindOf,
  listAt,
  malformed,
  maybeTextAt,
  objectAt,
  openObjectAt,
  textAt,
  untranslatable,
  type Spot,
} from './spot.ts'

export interface Tool {
  readonly name: string
  readonly description: string | null
  /** JSON Schema; null: it takes none. */
  readonly parameters: JsonObject | null
  readonly strict: boolean
}

export function readTools(value: JsonValue | undefined, spot: Spot): readonly Tool[] {
  if (value == null) return []
  return listAt(value, spot).map((tool, index) => {
    const at = below(spot, index)
    const type = kindOf(tool, 'type')
    if (type === '') throw malformed(at)
    if (type !== 'function') throw untranslatable(below(at, 'type'))
    return readFunction(objectAt(tool, at, ['type', type])[type], below(at, type))
  })
}

function readFunction(value: JsonValue | undefined, spot: Spot): Tool {
  const given = objectAt(value, spot, ['name', 'description', 'parameters', 'strict'])
  const { parameters, strict } = given
  return {
    name: textAt(given.name, below(spot, 'name')),
    description: maybeTextAt(given.description, below(spot, 'description')),
    parameters: parameters == null ? null : openObjectAt(parameters, below(spot, 'parameters')),
    strict: strict == null ? false : flagAt(strict, below(spot, 'strict')),
  }
}

export type ToolChoice =
  | { readonly kind: 'none' | 'auto' | 'required' }
  /** Some of the tools: one by name, or a choice among several. */
  | { readonly kind: 'named'; readonly name: string }
  | {
      readonly kind: 'allowed'
      readonly mode: 'auto' | 'required'
      readonly names: readonly string[]
    }

export function readToolChoice(value: JsonValue, spot: Spot): ToolChoice {
  if (value === 'none' || value === 'auto' || value === 'required') return { kind: value }
  const type = kindOf(value, 'type')
  if (type === '') throw malformed(spot)
  if (type === 'function') {
    return { kind: 'named', name: nameOf(value, spot) }
  }
  if (type !== 'allowed_tools') throw untranslatable(below(spot, 'type'))
  const at = below(spot, type)
  const given = objectAt(objectAt(value, spot, ['type', type])[type], at, ['mode', 'tools'])
  const { mode } = given
  if (mode !== 'auto' && mode !== 'required') throw malformed(below(at, 'mode'))
  const tools = listAt(given.tools, below(at, 'tools'))
  const names = tools.map((tool, index) => nameOf(tool, below(below(at, 'tools'), index)))
  return { kind: 'allowed', mode, names }
}

/** Of `{type: 'function', function: {name}}`. */
function nameOf(value: JsonValue, spot: Spot): string {
  const given = objectAt(value, spot, ['type', 'function'])
  if (given.type !== 'function') throw untranslatable(below(spot, 'type'))
  const at = below(spot, 'function')
  return textAt(objectAt(given.function, at, ['name']).name, below(at, 'name'))
}
