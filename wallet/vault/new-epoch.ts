/**
 * A new epoch (formats §5): another root key, every record sealed again under it, every wrap renewed or
 * gone. One change, so that a crash leaves the old vault or the new one, never a mix (C87).
 */
import { checkedRandom, deriveEpochKey, nextHlc } from '../crypto/index.ts'
import {
  createId,
  isWalletError,
  type Clock,
  type JsonObject,
  type Random,
  type RecordFields,
  type RecordId,
} from '../protocol/index.ts'
import { withOlderRootKeys } from './older-root-keys.ts'
import { createDeviceSecret } from './own-keys.ts'
import { readable, type ReadVault } from './read-vault.ts'
import { changeContent, createContent, parseContent, sealable } from './record-content.ts'
import { createRootKeys } from './root-keys.ts'
import {
  openRow,
  sealFirstRow,
  sealNextRow,
  sealTombstone,
  type SealingContext,
} from './sealed-row.ts'
import type { StoredRow, VaultChange, VaultHeader } from './store.ts'
import { NO_PARAMS, liveWraps, sealWrapRow, type WrapKey } from './wrap-row.ts'

export interface NewEpoch {
  /** What is sealed anew. */
  readonly from: ReadVault
  readonly oldRootKey: Uint8Array
  /** One epoch higher. A device id other than before makes new device keys. */
  readonly header: VaultHeader
  readonly rootKey: Uint8Array
  /** The wraps of the new epoch. Every other one that is there becomes a tombstone. */
  readonly wraps: readonly WrapKey[]
  /** Takes the place of the identity that is there; undefined: that one stays. */
  readonly identity: RecordFields<'identity'> | undefined
}

interface Resealing {
  readonly epoch: NewEpoch
  readonly old: SealingContext
  readonly next: SealingContext
  readonly clock: Clock
}

/**
 * The change that opens an epoch. Rows that are damaged stay as they are: what cannot be read is neither
 * repaired nor thrown away (C85).
 * @throws `vault.newer` if a record of a later version is among the rows: this one cannot seal it anew
 */
export function sealNewEpoch(
  ports: { readonly clock: Clock; readonly random: Random },
  epoch: NewEpoch,
): VaultChange {
  const { from, header, oldRootKey, rootKey } = epoch
  const random = checkedRandom(ports.random)
  const old = contextOf(from, oldRootKey, random)
  const next = contextOf({ header, rows: [] }, rootKey, random)
  const rows = sealRows({ epoch, old, next, clock: ports.clock })
  old.keys.wipe()
  next.keys.wipe()
  const revs = new Map(from.rows.map(({ recordId, rev }) => [recordId, rev]))
  const expected = new Map(rows.map(({ recordId }) => [recordId, revs.get(recordId) ?? 0]))
  return { header, rows, expected, epoch: from.header.epoch, rowCount: from.rowCount }
}

function sealRows(resealing: Resealing): StoredRow[] {
  return [...sealWraps(resealing), ...sealDevice(resealing), ...sealRecords(resealing)]
}

/**
 * The renewed wraps, each in the place of the one before; tombstones for the others; and the old root key
 * under the new one. A tombstone of a wrap is a record's: the key that sealed the wrap may be out of reach.
 */
function sealWraps({ epoch, next }: Resealing): StoredRow[] {
  const { from, header, rootKey, oldRootKey, wraps } = epoch
  const context = { header, random: next.random }
  const replaced = new Set<StoredRow>()
  const renewed = wraps.flatMap((wrap) => {
    const row = replacedBy(wrap, from.rows)
    // A passkey that was removed meanwhile stays removed.
    if (row === undefined && wrap.method === 'passkey') return []
    if (row !== undefined) replaced.add(row)
    return [sealWrapRow(context, wrap, rootKey, row)]
  })
  const dropped = (['passphrase', 'recovery', 'passkey'] as const)
    .flatMap((method) => liveWraps(from.rows, method))
    .filter((row) => !replaced.has(row))
    .map((row) => sealTombstone(next, row))
  const key = deriveEpochKey('wrap', rootKey, header.vaultId, header.epoch)
  const older = sealWrapRow(context, { method: 'epoch', params: NO_PARAMS, key }, oldRootKey)
  key.fill(0)
  return [...renewed, ...dropped, older]
}

function replacedBy(wrap: WrapKey, rows: readonly StoredRow[]): StoredRow | undefined {
  const live = liveWraps(rows, wrap.method)
  return wrap.method === 'passkey' ? live.find(({ params }) => params === wrap.params) : live[0]
}

/** The keys of this device: sealed again, or where it became another device, new ones and a tombstone. */
function sealDevice(resealing: Resealing): StoredRow[] {
  const { epoch, old, next } = resealing
  const row = epoch.from.rows.find((each) => isDeviceRow(resealing, each))
  if (old.deviceId === next.deviceId) {
    const content = row && openUnlessDamaged(old, row, 'device')
    return content ? [sealNextRow(next, row, { content, type: 'device' })] : []
  }
  const recordId = next.deviceId as string as RecordId
  const added = sealFirstRow(next, recordId, createDeviceSecret(next.random), 'device')
  return row ? [added, sealTombstone(next, row)] : [added]
}

/** Records and tombstones; the identity replaced where the epoch brings another. */
function sealRecords(resealing: Resealing): StoredRow[] {
  const { epoch, old, next } = resealing
  let identities = 0
  const rows = epoch.from.rows
    .filter((row) => row.method === undefined && !isDeviceRow(resealing, row))
    .flatMap((row) => {
      const content = openUnlessDamaged(old, row, 'record')
      if (content === null) return []
      const isIdentity = row.del === 0 && content['kind'] === 'identity'
      if (isIdentity) identities += 1
      const renewed = isIdentity ? withIdentity(resealing, content) : content
      return [sealNextRow(next, row, { content: renewed, del: row.del })]
    })
  if (epoch.identity === undefined || identities > 0) return rows
  const stamp = { hlc: nextHlc(resealing.clock(), []), deviceId: next.deviceId }
  const content = sealable(createContent('identity', epoch.identity, stamp))
  return [...rows, sealFirstRow(next, createId<RecordId>(next.random), content)]
}

function withIdentity({ epoch, next, clock }: Resealing, content: JsonObject): JsonObject {
  if (epoch.identity === undefined) return content
  const parsed = readable(() => parseContent(content))
  const seen = Object.values(parsed?.fields ?? {}).map(([, hlc]) => hlc)
  const stamp = { hlc: nextHlc(clock(), seen), deviceId: next.deviceId }
  const renewed = parsed
    ? changeContent('identity', parsed, epoch.identity, stamp)
    : createContent('identity', epoch.identity, stamp)
  return sealable(renewed)
}

/** Null for a row that is damaged. @throws `vault.newer` */
function openUnlessDamaged(
  context: SealingContext,
  row: StoredRow,
  type: 'record' | 'device',
): JsonObject | null {
  try {
    return openRow(context, row, type)
  } catch (error) {
    if (isWalletError(error, 'vault.corrupt')) return null
    throw error
  }
}

function isDeviceRow({ old }: Resealing, row: StoredRow): boolean {
  return (row.recordId as string) === old.deviceId
}

function contextOf(
  { header: { vaultId, deviceId, epoch }, rows }: Pick<ReadVault, 'header' | 'rows'>,
  rootKey: Uint8Array,
  random: Random,
): SealingContext {
  // A copy: the caller may need the root key once more, if another writer was faster.
  const newest = { epoch, rootKey: rootKey.slice() }
  // Rows that another device has not sealed again yet lie under a root key of before.
  const keys = createRootKeys(vaultId, withOlderRootKeys(vaultId, newest, rows))
  return { vaultId, deviceId, epoch, random, keys }
}
