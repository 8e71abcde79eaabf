/** The provider keys of an open vault as windows and grants may see them. */
import { WalletError, type Clock, type KeyId } from '@valetkey/wallet/protocol'
import { sortKeys, type ListedKey, type OpenVault, type RecordList } from '@valetkey/wallet/vault'
import type { OpenedKey } from '@valetkey/wallet/proxy'
import type { KeyRemovals } from './key-removals.ts'

/** Every key but those on their way out, in the person's order. */
export async function listKeys(vault: OpenVault, removals: KeyRemovals): Promise<ListedKey[]> {
  const hidden = await removals.ids()
  const { records } = await vault.listKeys()
  return sortKeys(records.filter(({ id }) => !hidden.has(id)))
}

/** The same with their secrets, for an import to compare with and an export to write. */
export async function openAllKeys(
  vault: OpenVault,
  removals: KeyRemovals,
): Promise<RecordList<'key'>> {
  const hidden = await removals.ids()
  const { records, damaged } = await vault.listRecords('key')
  return { records: sortKeys(records.filter(({ id }) => !hidden.has(id))), damaged }
}

/** The keys a grant may name: not archived, not on their way out. */
export async function usableKeys(vault: OpenVault, removals: KeyRemovals): Promise<ListedKey[]> {
  return (await listKeys(vault, removals)).filter(({ fields }) => !fields.archived)
}

/**
 * Opens a key for a call. A key that was put away or removed is none, whatever a grant says.
 * @throws `request.not_found`, `vault.corrupt`
 */
export async function openUsableKey(
  vault: OpenVault,
  removals: KeyRemovals,
  keyId: KeyId,
): Promise<OpenedKey> {
  const { provider, secret, baseUrl, archived, prices } = await vault.openProviderKey(keyId)
  if (archived || (await removals.has(keyId))) throw new WalletError('request.not_found')
  return { keyId, provider, secret, baseUrl, prices }
}

/** @throws `request.not_found` for a key that is not there, or on its way out */
export async function assertKept(
  vault: OpenVault,
  removals: KeyRemovals,
  keyId: KeyId,
): Promise<void> {
  const isThere = (await vault.readRecord('key', keyId)) !== null
  if (!isThere || (await removals.has(keyId))) throw new WalletError('request.not_found')
}

/**
 * A provider refused a key in the middle of a site's call: the person finds it marked, as if it had been
 * tested. Once: a site that calls on must not have the vault written at every call.
 */
export async function markRefused(vault: OpenVault, keyId: KeyId, clock: Clock): Promise<void> {
  const fields = await vault.readRecord('key', keyId)
  if (!fields || fields.lastTest?.outcome === 'refused') return
  await vault.updateRecord('key', keyId, { lastTest: { at: clock(), outcome: 'refused' } })
}
