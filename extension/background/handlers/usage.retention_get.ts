import type { UiHandler } from '../wallet.ts'

export const usageRetentionGet: UiHandler<'usage.retention_get'> = async (_params, wallet) => {
  await wallet.session.required()
  return wallet.usageTrimming.read()
}
