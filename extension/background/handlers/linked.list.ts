import type { UiHandler } from '../wallet.ts'

export const linkedList: UiHandler<'linked.list'> = async (_params, wallet) => ({
  apps: [...(await wallet.linkedApps.list(await wallet.session.required()))],
})
