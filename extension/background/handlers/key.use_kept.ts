import { placeProvider, providerById } from '@valetkey/wallet/providers'
import { testKey } from '@valetkey/wallet/proxy'
import type { ProviderKey } from '@valetkey/wallet/protocol'
import { readKept } from '../kept-secrets.ts'
import { assertKept } from '../key-ring.ts'
import type { UiHandler } from '../wallet.ts'

export const keyUseKept: UiHandler<'key.use_kept'> = async (kept, wallet) => {
  const vault = await wallet.session.required()
  await assertKept(vault, wallet.removals, kept.keyId)
  const { secret } = await readKept(vault, kept, wallet.clock())
  const { provider, baseUrl } = await vault.openProviderKey(kept.keyId)
  const facts = placeProvider(providerById(provider), baseUrl)
  const typed = secret as ProviderKey // it was one when it was saved
  const outcome = facts ? await testKey(facts, typed, wallet.forward) : 'unreachable'
  const test = { at: wallet.clock(), outcome }
  if (outcome === 'refused') return { replaced: false, test }
  await vault.updateRecord('key', kept.keyId, { secret, lastTest: test })
  wallet.announceChange()
  return { replaced: true, test }
}
