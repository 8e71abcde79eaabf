import { placeProvider, providerById } from '@valetkey/wallet/providers'
import { testKey } from '@valetkey/wallet/proxy'
import { assertKept } from '../key-ring.ts'
import type { UiHandler } from '../wallet.ts'

export const keyCheck: UiHandler<'key.check'> = async ({ keyId }, wallet) => {
  const vault = await wallet.session.required()
  await assertKept(vault, wallet.removals, keyId)
  const key = await vault.openProviderKey(keyId)
  const facts = placeProvider(providerById(key.provider), key.baseUrl)
  // A place it may not go to any more is one it is not tried at (C27).
  const outcome = facts ? await testKey(facts, key.secret, wallet.forward) : 'unreachable'
  const test = { at: wallet.clock(), outcome }
  await vault.updateRecord('key', keyId, { lastTest: test })
  wallet.announceChange()
  return { test }
}
