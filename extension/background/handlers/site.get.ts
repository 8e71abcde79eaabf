import type { UiHandler } from '../wallet.ts'

export const siteGet: UiHandler<'site.get'> = async ({ origin }, wallet) => {
  const vault = await wallet.session.required()
  const isAsking = (await wallet.consents.findSiteWish(origin)) !== null
  return wallet.sites.describe(vault, origin, isAsking)
}
