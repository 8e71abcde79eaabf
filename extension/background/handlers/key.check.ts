import { providerById } from '@valetkey/wallet/providers'
import { testKey } from '@valetkey/wallet/proxy'
import { assertKept } from '../key-ring.ts'
import type { UiHandler } from '../wallet.ts'

export const keyCheck: UiHandler<'key.check'> = async ({ keyId }, wallet) => {
  const vault = await wallet.session.required()
  await assertKept(vault, wallet.removals, keyId)
  const key = await vault.openProviderKey(keyId)
  const outcome = await testKey(providerById(key.provider), key.secret, wallet.forward)
  const test = { at: wallet.clock(), outcome }
  await vault.updateRecord('key', keyId, { lastTest: test })
  wallet.announceChange()
  return { test }
}
