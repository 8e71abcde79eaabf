import type { UiHandler } from '../wallet.ts'

export const siteSwitchOff: UiHandler<'site.switch_off'> = async ({ origin }, wallet) => {
  const vault = await wallet.session.required()
  const wish = await wallet.consents.findSiteWish(origin)
  if (wish) await wallet.consents.settle(wish.id, 'deny')
  await wallet.sites.switchOff(vault, origin)
  return {}
}
