import {
  WalletError,
  canonicalJson,
  parseWith,
  devicesDocumentSchema,
  epochKeysSchema,
  parseJson,
  type DevicesDocument,
  type EpochKey,
  type JsonValue,
} from '@valetkey/wallet/protocol'
import type { Account } from '../database/tables.ts'
import { updateAccount } from '../stores/accounts.ts'
import { replaceDevices } from '../stores/devices.ts'
import type { Queries } from '../stores/queries.ts'
import { dropTombstones, insertHead, writeRows } from '../stores/vault.ts'
import type { CheckedPush, VaultState } from './check-push.ts'

/** An account as the checks of a push look at it. */
export function stateOf(account: Account): VaultState {
  return {
    accountId: account.id,
    vaultId: account.vault_id,
    seq: account.seq,
    epoch: account.epoch,
    floor: account.floor,
    minSuite: account.min_suite,
    headHash: account.head_hash,
    devices: readDevices(account),
    keys: readKeys(account),
  }
}

export function readDevices({ devices }: Pick<Account, 'devices'>): DevicesDocument {
  return parseWith(devicesDocumentSchema, parseJson(devices), 'internal')
}

export function readKeys({ epoch_keys }: Pick<Account, 'epoch_keys'>): EpochKey[] | null {
  return epoch_keys === null ? null : parseWith(epochKeysSchema, parseJson(epoch_keys), 'internal')
}

/** The columns of an account that a head decides. */
export function headColumns(push: CheckedPush) {
  return {
    vault_id: push.head.vaultId,
    epoch: push.head.epoch,
    seq: push.head.seq,
    floor: push.head.floor,
    min_suite: push.head.minSuite,
    head_hash: push.hash,
    head: push.text.head,
    sig: push.text.sig,
    devices: toText(push.devices),
    epoch_keys: push.keys === null ? null : toText(push.keys),
  }
}

/**
 * Writes a checked push, within the caller's transaction.
 * @throws `sync.conflict` if another one came first
 * @throws as {@link writeRows}
 */
export async function applyPush(
  queries: Queries,
  account: Account,
  push: CheckedPush,
  options: { readonly now: number; readonly credentials?: Partial<Account> },
): Promise<void> {
  const before = { bytes: account.stored_bytes, live: account.live_records }
  const stored = await writeRows(queries, account.id, push.rows, before)
  const { floor } = push.head
  const freed = floor > account.floor ? await dropTombstones(queries, account.id, floor) : 0
  const swapped = await updateAccount(queries, account.id, account.head_hash, {
    ...headColumns(push),
    ...options.credentials,
    stored_bytes: stored.bytes - freed,
    live_records: stored.live,
  })
  if (!swapped) throw new WalletError('sync.conflict')
  await insertHead(queries, {
    account_id: account.id,
    seq: push.head.seq,
    hash: push.hash,
    ...push.text,
  })
  if (toText(push.devices) !== account.devices) {
    await replaceDevices(queries, account.id, push.devices.devices, options.now)
  }
}

function toText(value: unknown): string {
  return canonicalJson(value as JsonValue) // parsed by our schemas: JSON by construction
}
