/** The next push: what this device changed, under a head that names all there is then. */
import {
  CHANGES_PER_PUSH,
  PUSH_LIMIT_BYTES,
  toBase64url,
  type RecordId,
} from '../protocol/index.ts'
import { envelopeEpoch } from '../crypto/index.ts'
import { devicesHash } from './devices.ts'
import { NO_HEAD, signHead } from './head.ts'
import { merkleRoot } from './merkle-root.ts'
import { trustedHead } from './believe.ts'
import type { Outbox, SharedRow, SyncMemory, SyncVault, SyncedRow } from './sync-ports.ts'
import { isChanged, syncedRow, toWire } from './wire-rows.ts'

/** Of a row beside its envelope, as JSON. */
const ROW_OVERHEAD_BYTES = 4608

interface Writer {
  readonly vault: Pick<SyncVault, 'vaultId' | 'deviceId' | 'epoch' | 'minSuite'>
  /** The seed of this device's Ed25519 key. */
  readonly deviceSeed: Uint8Array
  /** Up to this seq every device has acknowledged what it was sent. */
  readonly floor: number
  /** Also where nothing changed: a head over what there is (protocols §1). */
  readonly signsAnyway?: boolean
}

/** A push, and whether it carries all that changed. */
export interface NextPush {
  readonly outbox: Outbox
  readonly isWhole: boolean
}

/** Null where nothing changed since the last sync. Of many changes the first ones: the rest comes next. */
export function makePush(
  memory: SyncMemory,
  rows: readonly SharedRow[],
  { vault, deviceSeed, floor, signsAnyway = false }: Writer,
): NextPush | null {
  const { state } = memory
  const synced = new Map(memory.synced.map((row) => [row.recordId, row]))
  // C83: a row of an older epoch is no news to a server that never had it, and refused as one.
  const current = rows.filter(({ envelope }) => envelopeEpoch(envelope) === vault.epoch)
  const changed = current.filter((row) => isChanged(row, synced.get(row.recordId)))
  const changes = fitting(changed)
  if (changes.length === 0 && !signsAnyway) return null

  const stored = trustedHead(state.head)
  const seq = (stored?.seq ?? 0) + 1
  const after = new Map<RecordId, SyncedRow>(synced)
  const sent = changes.map((row) => syncedRow(row, seq))
  for (const row of sent) after.set(row.recordId, row)
  const minSuite = Math.max(vault.minSuite, stored?.minSuite ?? 0)
  const lastFloor = Math.max(state.floor, floor)
  const head = signHead(
    {
      ...{ vaultId: vault.vaultId, seq, prev: stored?.hash ?? NO_HEAD },
      ...{ epoch: vault.epoch, minSuite, floor: lastFloor },
      root: merkleRoot([...after.values()], lastFloor),
      devicesHash: devicesHash(state.devices),
      writerDeviceId: vault.deviceId,
    },
    deviceSeed,
  )
  const outbox = {
    push: {
      base: toBase64url(stored?.hash ?? NO_HEAD),
      changes: changes.map(toWire),
      head: { head: toBase64url(head.head), sig: toBase64url(head.sig) },
    },
    rows: sent,
  }
  return { outbox, isWhole: changes.length === changed.length }
}

function fitting(rows: readonly SharedRow[]): readonly SharedRow[] {
  let sizeBytes = 0
  const end = rows.slice(0, CHANGES_PER_PUSH).findIndex(({ envelope }) => {
    sizeBytes += Math.ceil((envelope.length * 4) / 3) + ROW_OVERHEAD_BYTES
    return sizeBytes > PUSH_LIMIT_BYTES
  })
  return rows.slice(0, end < 0 ? CHANGES_PER_PUSH : end)
}
