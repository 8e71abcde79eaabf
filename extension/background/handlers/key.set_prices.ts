import { assertKept } from '../key-ring.ts'
import type { UiHandler } from '../wallet.ts'

/** Calls that are under way are charged by the prices they were held with. */
export const keySetPrices: UiHandler<'key.set_prices'> = async ({ keyId, prices }, wallet) => {
  const vault = await wallet.session.required()
  await assertKept(vault, wallet.removals, keyId)
  await vault.updateRecord('key', keyId, { prices })
  wallet.announceChange()
  return {}
}
