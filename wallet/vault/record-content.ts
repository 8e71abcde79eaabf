/** Between the fields the wallet works with and the stamped content that is sealed (formats §4). */
import type * as z from 'zod/mini'
import {
  RECORD_FIELDS,
  canonicalJson,
  isJsonObject,
  parseJson,
  parseWith,
  recordContentSchema,
  type DeviceId,
  type ErrorCode,
  type JsonObject,
  type JsonValue,
  type RecordContent,
  type RecordFields,
  type RecordKind,
} from '../protocol/index.ts'

/** Who writes a field, and when. */
export interface Stamp {
  readonly hlc: string
  readonly deviceId: DeviceId
}

/** @throws `request.unprocessable` for fields that are not those of the kind */
export function createContent<K extends RecordKind>(
  kind: K,
  fields: RecordFields<K>,
  stamp: Stamp,
): RecordContent {
  const checked = parseFields(kind, fields, 'request.unprocessable')
  return { kind, fields: stamped(checked, stamp) }
}

/**
 * The content with the named fields replaced. Every other field, and one that is given the value it has,
 * keeps its stamp: a form that sends all its boxes must not win over what another device wrote in one of
 * them (formats §4).
 * @throws `request.unprocessable` for a change that the kind does not allow
 */
export function changeContent<K extends RecordKind>(
  kind: K,
  content: RecordContent,
  changes: Partial<RecordFields<K>>,
  stamp: Stamp,
): RecordContent {
  const given = Object.entries(stamped(changes, stamp))
  const changed = given.filter(([name, [value]]) => !isSame(value, content.fields[name]?.[0]))
  const next = { ...content, fields: { ...content.fields, ...Object.fromEntries(changed) } }
  fieldsOf(kind, next, 'request.unprocessable')
  return next
}

/** The fields without their stamps. @throws `code` if they are not those of the kind */
export function fieldsOf<K extends RecordKind>(
  kind: K,
  content: RecordContent,
  code: ErrorCode = 'vault.corrupt',
): RecordFields<K> {
  const plain = Object.entries(content.fields).map(([name, [value]]) => [name, value])
  return parseFields(kind, Object.fromEntries(plain), code)
}

/** Content → what is sealed: a member that is not there is not written. */
export function sealable({ kind, fields, counters }: RecordContent): JsonObject {
  return counters === undefined ? { kind, fields } : { kind, fields, counters }
}

/** What was sealed → content. @throws `vault.corrupt` */
export function parseContent(opened: JsonObject): RecordContent {
  return parseWith(recordContentSchema, opened, 'vault.corrupt')
}

function isSame(value: JsonValue, before: JsonValue | undefined): boolean {
  return before !== undefined && canonicalJson(value) === canonicalJson(before)
}

function parseFields<K extends RecordKind>(
  kind: K,
  fields: unknown,
  code: ErrorCode,
): RecordFields<K> {
  // The table pairs each kind with its schema; TypeScript does not follow an index by a type parameter.
  const schema = RECORD_FIELDS[kind] as unknown as z.ZodMiniType<RecordFields<K>>
  return parseWith(schema, fields, code)
}

function stamped(fields: object, { hlc, deviceId }: Stamp): RecordContent['fields'] {
  // Through canonical JSON: what is sealed shares nothing with the caller's object and holds no undefined.
  const plain = parseJson(canonicalJson(fields as JsonObject))
  const entries = isJsonObject(plain) ? Object.entries(plain) : []
  return Object.fromEntries(entries.map(([name, value]) => [name, [value, hlc, deviceId] as const]))
}
