import type { UiHandler } from '../wallet.ts'

export const pairingConfirm: UiHandler<'pairing.confirm'> = async (_params, wallet) => {
  await wallet.pairing.confirm()
  wallet.announceChange()
  return {}
}
