/** Secrets of keys that lost against one that another device saved at the same time (formats §4). */
import { WalletError, type KeptSecret, type KeyId } from '@valetkey/wallet/protocol'
import { forgetKept, keptNow, type OpenVault } from '@valetkey/wallet/vault'

/** @throws `request.not_found` where it is kept no more */
export async function readKept(
  vault: OpenVault,
  of: { readonly keyId: KeyId; readonly id: string },
  now: number,
): Promise<{ readonly secret: string; readonly history: readonly KeptSecret[] }> {
  const history = (await vault.readRecord('key', of.keyId))?.history ?? []
  const secret = keptNow(history, now).find(({ id }) => id === of.id)?.secret
  if (secret === undefined || secret === null) throw new WalletError('request.not_found')
  return { secret, history }
}

/** Removes those whose time is over. */
export async function removeOverdue(vault: OpenVault, now: number): Promise<void> {
  const { records } = await vault.listKeys()
  for (const { id, fields } of records) {
    if (fields.kept?.some(({ until }) => until <= now) !== true) continue
    const history = (await vault.readRecord('key', id))?.history ?? []
    await vault.updateRecord('key', id, { history: history.filter(({ until }) => until > now) })
  }
}

/** The person wants it no more. */
export async function forget(
  vault: OpenVault,
  of: { readonly keyId: KeyId; readonly id: string },
  now: number,
): Promise<void> {
  const { history } = await readKept(vault, of, now)
  await vault.updateRecord('key', of.keyId, { history: forgetKept(history, of.id) })
}
