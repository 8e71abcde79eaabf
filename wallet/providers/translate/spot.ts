/** Places in a request that is translated, and what is said where it cannot be. */
import {
  WalletError,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type ProviderId,
} from '../../protocol/index.ts'

/** A field as its path is written (`messages[2].content[0].image_url`), and who was to be told of it. */
export interface Spot {
  readonly to: ProviderId
  readonly field: string
}

/** Names come from the app: one may be as long as its body. */
const LONGEST_FIELD = 200

export function below({ to, field }: Spot, name: string | number): Spot {
  const path =
    typeof name === 'number' ? `${field}[${name}]` : field === '' ? name : `${field}.${name}`
  return { to, field: path.slice(0, LONGEST_FIELD) }
}

/** What one side says and the other has no words for: it is refused, never left out. */
export function untranslatable({ to, field }: Spot): WalletError {
  return new WalletError('request.untranslatable', { provider: to, field })
}

/** Not what the format of chat completions says. */
export function malformed({ field }: Spot): WalletError {
  return new WalletError('request.invalid', { reason: field })
}

export function textAt(value: JsonValue | undefined, spot: Spot): string {
  if (typeof value !== 'string') throw malformed(spot)
  return value
}

export function maybeTextAt(value: JsonValue | undefined, spot: Spot): string | null {
  return value === undefined || value === null ? null : textAt(value, spot)
}

export function numberAt(value: JsonValue | undefined, spot: Spot): number {
  if (typeof value !== 'number') throw malformed(spot)
  return value
}

export function countAt(value: JsonValue | undefined, spot: Spot): number {
  const count = numberAt(value, spot)
  if (!Number.isSafeInteger(count) || count < 0) throw malformed(spot)
  return count
}

export function flagAt(value: JsonValue | undefined, spot: Spot): boolean {
  if (typeof value !== 'boolean') throw malformed(spot)
  return value
}

export function listAt(value: JsonValue | undefined, spot: Spot): readonly JsonValue[] {
  if (!Array.isArray(value)) throw malformed(spot)
  return value
}

/** An object of any members: a schema, arguments. */
export function openObjectAt(value: JsonValue | undefined, spot: Spot): JsonObject {
  if (!isJsonObject(value)) throw malformed(spot)
  return value
}

/**
 * An object of known members. A member that is null asks for nothing.
 * @throws `request.untranslatable` for any other member
 */
export function objectAt<Name extends string>(
  value: JsonValue | undefined,
  spot: Spot,
  names: readonly Name[],
): Partial<Record<Name, JsonValue>> {
  const object = openObjectAt(value, spot)
  for (const [name, member] of Object.entries(object)) {
    if (member !== null && !names.some((each) => each === name)) {
      throw untranslatable(below(spot, name))
    }
  }
  return object as Partial<Record<Name, JsonValue>>
}

/** What a value says it is, under a name; empty where it says nothing. */
export function kindOf(value: JsonValue | undefined, name: string): string {
  const kind = isJsonObject(value) ? value[name] : null
  return typeof kind === 'string' ? kind : ''
}

/** What a table says of a name an app gave: `constructor` and its like stand in none. */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
