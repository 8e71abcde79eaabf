/** The root over every live record: what a server leaves out, puts in or changes shows in it (formats §5). */
import { fromBase64url, type DeviceId, type RecordId } from '../protocol/index.ts'
import { concat, lp, u64, u8, type Bytes } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'

/** A stored row, as far as the tree looks at it. */
export interface TreeRow {
  readonly recordId: RecordId
  readonly rev: number
  readonly prev: Uint8Array
  readonly del: 0 | 1
  readonly writerDeviceId: DeviceId
  readonly envelopeHash: Uint8Array
  /** The seq of the head that brought it. */
  readonly seq: number
}

const LEAF = u8(0)
const NODE = u8(1)

export function leafHash(row: Omit<TreeRow, 'seq'>): Bytes {
  return sha256(
    concat(
      LEAF,
      fromBase64url(row.recordId),
      u64(row.rev),
      lp(row.prev),
      u8(row.del),
      fromBase64url(row.writerDeviceId),
      row.envelopeHash,
    ),
  )
}

/** The rows that count, in their order: by the bytes of their ids, without tombstones up to `floor`. */
export function treeRows<Row extends TreeRow>(rows: readonly Row[], floor: number): Row[] {
  return rows
    .filter(({ del, seq }) => del === 0 || seq > floor)
    .map((row) => ({ row, id: fromBase64url(row.recordId) }))
    .sort((left, right) => compareBytes(left.id, right.id))
    .map(({ row }) => row)
}

/** The root of a vault. Of no rows it is SHA-256(""). */
export function merkleRoot(rows: readonly TreeRow[], floor: number): Bytes {
  return rootOfLeaves(treeRows(rows, floor).map(leafHash))
}

/** RFC 6962 §2.1 over leaf hashes: the left half is the largest power of two below the whole. */
export function rootOfLeaves(leaves: readonly Uint8Array[]): Bytes {
  if (leaves.length === 0) return sha256(new Uint8Array())
  return subtree(leaves, 0, leaves.length)
}

function subtree(leaves: readonly Uint8Array[], from: number, to: number): Bytes {
  if (to - from === 1) return Uint8Array.from(leaves[from] ?? [])
  let half = 1
  while (half * 2 < to - from) half *= 2
  return sha256(concat(NODE, subtree(leaves, from, from + half), subtree(leaves, from + half, to)))
}

/** Ids compare as raw bytes, not as text (formats §1). */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shorter = Math.min(left.length, right.length)
  for (let index = 0; index < shorter; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
