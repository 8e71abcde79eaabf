/** How two states of one record become one, whichever of them comes first (formats §4). */
import { fromBase64url } from './base64url.ts'
import { canonicalJson } from './canonical-json.ts'
import type { RecordContent } from './records.ts'

/** A value, when it was written, and by which device. */
type StampedField = RecordContent['fields'][string]

/**
 * Both states in one: of each field the later value, of each counter the greater one.
 *
 * A revoked grant stays revoked; an allocation is its writer's and is never merged. Another kind under the
 * same id is no other state of the record: ours stays.
 */
export function mergeContent(ours: RecordContent, theirs: RecordContent): RecordContent {
  if (ours.kind !== theirs.kind || ours.kind === 'allocation') return ours
  const pick = ours.kind === 'grant' ? laterOrRevoked : (_: string, ...both: Pair) => later(...both)
  const fields = mergeMembers(ours.fields, theirs.fields, pick)
  if (ours.counters === undefined && theirs.counters === undefined) {
    return { kind: ours.kind, fields }
  }
  const greater = (_: string, our: number, their: number) => Math.max(our, their)
  const counters = mergeMembers(ours.counters ?? {}, theirs.counters ?? {}, greater)
  return { kind: ours.kind, fields, counters }
}

type Pair = readonly [StampedField, StampedField]

function mergeMembers<T>(
  ours: Readonly<Record<string, T>>,
  theirs: Readonly<Record<string, T>>,
  pick: (name: string, our: T, their: T) => T,
): Record<string, T> {
  const merged = new Map(Object.entries(ours))
  for (const [name, their] of Object.entries(theirs)) {
    const our = merged.get(name)
    merged.set(name, our === undefined ? their : pick(name, our, their))
  }
  return Object.fromEntries(merged)
}

/** For grants: whoever took access back took it back for good. */
function laterOrRevoked(name: string, our: StampedField, their: StampedField): StampedField {
  if (name !== 'status') return later(our, their)
  const [ourRevoked, theirRevoked] = [our[0] === 'revoked', their[0] === 'revoked']
  if (ourRevoked === theirRevoked) return later(our, their)
  return ourRevoked ? our : their
}

function later(our: StampedField, their: StampedField): StampedField {
  return compareFields(our, their) < 0 ? their : our
}

/** By clock, then by device as bytes, then by the bytes of the value: every device decides alike. */
function compareFields(left: StampedField, right: StampedField): number {
  const [leftValue, leftHlc, leftDevice] = left
  const [rightValue, rightHlc, rightDevice] = right
  if (leftHlc !== rightHlc) return leftHlc < rightHlc ? -1 : 1
  return (
    compareBytes(fromBase64url(leftDevice), fromBase64url(rightDevice)) ||
    compareBytes(textBytes(leftValue), textBytes(rightValue))
  )
}

function textBytes(value: StampedField[0]): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value))
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const at = left.findIndex((byte, index) => byte !== right[index])
  if (at < 0) return left.length - right.length
  return (left[at] ?? 0) - (right[at] ?? -1)
}
