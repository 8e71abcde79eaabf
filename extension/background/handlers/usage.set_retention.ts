import type { UiHandler } from '../wallet.ts'

export const usageSetRetention: UiHandler<'usage.set_retention'> = async (retention, wallet) => {
  await wallet.session.required()
  await wallet.usageTrimming.choose(retention)
  wallet.announceChange()
  return {}
}
