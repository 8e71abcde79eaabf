import type { UiHandler } from '../wallet.ts'

export const siteDismissForeignHost: UiHandler<'site.dismiss_foreign_host'> = async (
  { origin },
  wallet,
) => {
  await wallet.foreignHosts.markTold(origin)
  wallet.announceChange()
  return {}
}
