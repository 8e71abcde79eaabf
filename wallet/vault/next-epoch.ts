/** The vault in an epoch that another device opened: what its rows become, before any of it is written. */
import { envelopeEpoch, type EpochSecrets } from '../crypto/index.ts'
import {
  WalletError,
  fromBase64url,
  isWalletError,
  toBase64url,
  type Clock,
} from '../protocol/index.ts'
import { presentHeader } from './header.ts'
import { withOlderRootKeys } from './older-root-keys.ts'
import { rowOrNull } from './read-vault.ts'
import { isRecordRow, openRecordRow } from './record-row.ts'
import { sealable } from './record-content.ts'
import { createRootKeys, type RootKeys } from './root-keys.ts'
import { openRow, sealNextRow, sealTombstone, type SealingContext } from './sealed-row.ts'
import { mergeRows } from './shared-rows.ts'
import type { StoredRow, VaultHeader } from './store.ts'

export interface NextEpoch {
  /** Written with the rows; from then on {@link NextEpoch.enter} is due. */
  readonly header: VaultHeader
  /** The keys of this device, sealed again. */
  readonly deviceRow: StoredRow
  readonly deviceRev: number
  /** As `OpenVault.mergeShared`, over rows of either epoch. */
  merge(ours: StoredRow, theirs: StoredRow): StoredRow | null
  bury(row: StoredRow): StoredRow
  /** As {@link resealed}. */
  reseal(row: StoredRow): StoredRow | null
  /** The vault goes on in this epoch. */
  enter(): void
  /** It does not: the keys are zeroed. */
  abandon(): void
}

/** An open vault, as far as its next epoch looks at it. */
export interface VaultBefore {
  readonly context: SealingContext
  readonly clock: Clock
  /** As they are stored. */
  readonly header: unknown
  readonly rows: readonly unknown[]
  /** Goes on under the keys of the epoch. */
  readonly vault: { adopt(header: VaultHeader, keys: RootKeys): unknown }
}

/**
 * What an open vault becomes in an epoch that was opened since; nothing is written.
 * @param came rows that came with the epoch: they may hold root keys in between
 * @throws `sync.conflict` where the vault went on otherwise meanwhile; `vault.corrupt` where this device's own
 * keys cannot be read: without them it would be no device
 */
export function prepareEpoch(
  { context: before, vault, clock, ...stored }: VaultBefore,
  newest: EpochSecrets,
  came: readonly StoredRow[],
): NextEpoch {
  const { vaultId, deviceId } = before
  const header = presentHeader(stored.header)
  if (header.epoch !== before.epoch) throw new WalletError('sync.conflict')
  const rows = stored.rows.map(rowOrNull).filter((row) => row !== null)
  const deviceRow = rows.find(({ recordId }) => (recordId as string) === deviceId)
  if (!deviceRow) throw new WalletError('vault.corrupt')
  const chain = withOlderRootKeys(vaultId, newest, [...came, ...rows])
  const known = before.keys
    .export()
    .map(({ epoch: of, rootKey: text }) => ({ epoch: of, rootKey: fromBase64url(text) }))
    .filter(({ epoch: of }) => !chain.some((entry) => entry.epoch === of))
  const { epoch, secretKey } = newest
  const keys = createRootKeys(vaultId, [...chain, ...known])
  const next = { ...before, epoch, keys }
  const raised = {
    ...{ ...header, epoch },
    ...(secretKey && { secretKey: toBase64url(secretKey) }),
  }
  const content = openRow(before, deviceRow, 'device')
  return {
    header: raised,
    deviceRow: sealNextRow(next, deviceRow, { content, type: 'device' }),
    deviceRev: deviceRow.rev,
    merge: (ours, theirs) => mergeRows(next, ours, theirs, clock()),
    bury: (row) => sealTombstone(next, row),
    reseal: (row) => resealed(next, row),
    enter: () => {
      vault.adopt(raised, keys)
    },
    abandon: () => {
      keys.wipe()
    },
  }
}

/**
 * A row of an earlier epoch, sealed in this one; null where it is of this one already, or cannot be read. A
 * wrap becomes a tombstone: it sealed another root key.
 */
export function resealed(context: SealingContext, row: StoredRow): StoredRow | null {
  if (epochOf(row) === context.epoch) return null
  if (!isRecordRow(context, row)) return row.del === 1 ? null : sealTombstone(context, row)
  try {
    const content = openRecordRow(context, row)
    if (content === null) return sealTombstone(context, row)
    return sealNextRow(context, row, { content: sealable(content) })
  } catch (error) {
    if (isWalletError(error, 'vault.corrupt')) return null
    throw error
  }
}

/** Under which root key a row lies; 0 for what is no envelope. */
export function epochOf({ envelope }: Pick<StoredRow, 'envelope'>): number {
  return envelope.length < 12 ? 0 : envelopeEpoch(envelope)
}
