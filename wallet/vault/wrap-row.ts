/** Rows that seal the root key, whichever key opens them (formats §3). */
import { openWrap, sealWrap, sha256, type RootKeyEntry, type WrapMethod } from '../crypto/index.ts'
import { WalletError, createId, type Random, type RecordId } from '../protocol/index.ts'
import type { StoredRow, VaultHeader } from './store.ts'

/** A key that seals or opens a wrap, and what stands in clear beside the wrap. */
export interface WrapKey {
  readonly method: WrapMethod
  /** Canonical JSON, exactly as stored. */
  readonly params: string
  readonly key: Uint8Array
}

/** The params of a wrap that has none to tell. */
export const NO_PARAMS = '{}'

/**
 * A wrap of `rootKey` in the header's epoch.
 * @param replaced the row it takes the place of: bound to it, so that the old wrap cannot be put back
 */
export function sealWrapRow(
  context: { readonly header: VaultHeader; readonly random: Random },
  { method, params, key }: WrapKey,
  rootKey: Uint8Array,
  replaced?: StoredRow,
): StoredRow {
  const { vaultId, deviceId, epoch } = context.header
  const row = {
    recordId: replaced?.recordId ?? createId<RecordId>(context.random),
    rev: (replaced?.rev ?? 0) + 1,
    prev: replaced ? sha256(replaced.envelope) : new Uint8Array(),
    del: 0,
    writerDeviceId: deviceId,
    method,
    params,
  } as const
  const envelope = sealWrap({ type: method, epoch, key, vaultId, row }, rootKey, context.random)
  return { ...row, envelope }
}

/** First wraps of `rootKey`, one for each key; the keys are zeroed. */
export function sealWrapRows(
  context: { readonly header: VaultHeader; readonly random: Random },
  keys: readonly WrapKey[],
  rootKey: Uint8Array,
): StoredRow[] {
  const rows = keys.map((key) => sealWrapRow(context, key, rootKey))
  for (const { key } of keys) key.fill(0)
  return rows
}

/**
 * The root key of the header's epoch.
 * @throws `vault.unlock_failed` for a key that does not fit, `vault.corrupt`, `vault.newer`
 */
export function openWrapRow(
  { vaultId, epoch }: VaultHeader,
  { method, key }: Omit<WrapKey, 'params'>,
  row: StoredRow,
): RootKeyEntry {
  const keyOf = () => key
  const entry = openWrap({ type: method, keyOf, vaultId, row, envelope: row.envelope })
  // C78: a wrap of another epoch would open the vault with a root key that was replaced.
  if (entry.epoch !== epoch) throw new WalletError('vault.corrupt')
  return entry
}

/** The wraps of a method that are in force. */
export function liveWraps(rows: readonly StoredRow[], method: WrapMethod): StoredRow[] {
  return rows.filter((row) => row.method === method && row.del === 0)
}

/** The one wrap of a method, null where there is none. @throws `vault.corrupt` for more than one */
export function onlyWrap(rows: readonly StoredRow[], method: WrapMethod): StoredRow | null {
  const [wrap, ...others] = liveWraps(rows, method)
  if (others.length > 0) throw new WalletError('vault.corrupt')
  return wrap ?? null
}
