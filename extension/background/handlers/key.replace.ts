import { placeProvider, providerById } from '@valetkey/wallet/providers'
import { testKey } from '@valetkey/wallet/proxy'
import { remind } from '../expiry-reminders.ts'
import { assertKept } from '../key-ring.ts'
import { readNewSecret } from '../new-secret.ts'
import type { UiHandler } from '../wallet.ts'

export const keyReplace: UiHandler<'key.replace'> = async (
  { keyId, secret, expiresAt },
  wallet,
) => {
  const vault = await wallet.session.required()
  await assertKept(vault, wallet.removals, keyId)
  const typed = readNewSecret(secret)
  const { provider, baseUrl } = await vault.openProviderKey(keyId)
  const facts = placeProvider(providerById(provider), baseUrl)
  const outcome = facts ? await testKey(facts, typed, wallet.forward) : 'unreachable'
  const test = { at: wallet.clock(), outcome }
  // Sites depend on the key that is there: it does not give way to one that opens nothing.
  if (outcome === 'refused') return { replaced: false, test }
  await vault.updateRecord('key', keyId, { secret: typed, expiresAt, lastTest: test })
  await remind(vault, wallet)
  wallet.announceChange()
  return { replaced: true, test }
}
