import type { UiHandler } from '../router.ts'

export const usageList: UiHandler<'usage.list'> = async ({ limit }, wallet) => {
  await wallet.session.required()
  return { rows: [...(await wallet.ledger.usage(limit))] }
}
