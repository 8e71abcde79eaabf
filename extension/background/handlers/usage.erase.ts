import type { UiHandler } from '../wallet.ts'

export const usageErase: UiHandler<'usage.erase'> = async (_params, wallet) => {
  await wallet.session.required()
  await wallet.ledger.eraseUsage()
  wallet.announceChange()
  return {}
}
