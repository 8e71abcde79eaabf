import { placeKey } from '@valetkey/wallet/vault'
import { assertKept } from '../key-ring.ts'
import type { UiHandler } from '../wallet.ts'

export const keyReorder: UiHandler<'key.reorder'> = async ({ keyId, before }, wallet) => {
  const vault = await wallet.session.required()
  await assertKept(vault, wallet.removals, keyId)
  await placeKey(vault, keyId, before)
  wallet.announceChange()
  return {}
}
