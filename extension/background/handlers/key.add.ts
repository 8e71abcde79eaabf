import { WalletError, isValetKey, type ProviderKey } from '@valetkey/wallet/protocol'
import { recogniseKey, providerById } from '@valetkey/wallet/providers'
import { testKey } from '@valetkey/wallet/proxy'
import { orderAtEnd } from '@valetkey/wallet/vault'
import type { UiHandler } from '../wallet.ts'

export const keyAdd: UiHandler<'key.add'> = async ({ provider, secret, label }, wallet) => {
  const vault = await wallet.session.required()
  const trimmed = secret.trim() as ProviderKey // what the person typed is one from here on
  // A valet key saved as a key would make the wallet call itself in circles; an admin key could do
  // far more than call models (C39).
  if (isValetKey(trimmed) || recogniseKey(trimmed)?.storable === false) {
    throw new WalletError('request.unprocessable')
  }
  const { records } = await vault.listRecords('key')
  const facts = providerById(provider)
  const keyId = await vault.createRecord('key', {
    provider,
    baseUrl: null,
    secret: trimmed,
    label: label.trim() || facts.name,
    notes: '',
    createdAt: wallet.clock(),
    expiresAt: null,
    lastTest: null,
    order: orderAtEnd(records),
    archived: false,
  })
  const outcome = await testKey(facts, trimmed, wallet.forward)
  const test = { at: wallet.clock(), outcome }
  await vault.updateRecord('key', keyId, { lastTest: test })
  wallet.announceChange()
  return { keyId, test }
}
