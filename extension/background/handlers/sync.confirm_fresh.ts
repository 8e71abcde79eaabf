import type { UiHandler } from '../wallet.ts'

export const syncConfirmFresh: UiHandler<'sync.confirm_fresh'> = async (_params, wallet) => {
  await wallet.devices.confirmFresh()
  wallet.announceChange()
  return {}
}
