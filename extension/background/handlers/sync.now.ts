import type { UiHandler } from '../wallet.ts'

export const syncNow: UiHandler<'sync.now'> = async (_params, wallet) => {
  await wallet.session.required()
  await wallet.deviceSync.now()
  return {}
}
