import type { UiHandler } from '../wallet.ts'

export const syncStop: UiHandler<'sync.stop'> = async (_params, wallet) => {
  await wallet.membership.stop()
  wallet.announceChange()
  return {}
}
