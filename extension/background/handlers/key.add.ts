import { providerById } from '@valetkey/wallet/providers'
import { testKey } from '@valetkey/wallet/proxy'
import { orderAtEnd } from '@valetkey/wallet/vault'
import { readNewSecret } from '../new-secret.ts'
import type { UiHandler } from '../wallet.ts'

export const keyAdd: UiHandler<'key.add'> = async ({ provider, secret, label }, wallet) => {
  const vault = await wallet.session.required()
  const typed = readNewSecret(secret)
  const { records } = await vault.listKeys()
  const facts = providerById(provider)
  const keyId = await vault.createRecord('key', {
    provider,
    baseUrl: null,
    secret: typed,
    label: label.trim() || facts.name,
    notes: '',
    createdAt: wallet.clock(),
    expiresAt: null,
    lastTest: null,
    order: orderAtEnd(records),
    archived: false,
  })
  const outcome = await testKey(facts, typed, wallet.forward)
  const test = { at: wallet.clock(), outcome }
  await vault.updateRecord('key', keyId, { lastTest: test })
  wallet.announceChange()
  return { keyId, test }
}
