import type { UiHandler } from '../wallet.ts'

export const usageList: UiHandler<'usage.list'> = async ({ limit }, wallet) => {
  await wallet.session.required()
  return { rows: [...(await wallet.ledger.usage(limit))] }
}
