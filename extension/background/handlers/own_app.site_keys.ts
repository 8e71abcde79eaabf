import type { UiHandler } from '../wallet.ts'

export const ownAppSiteKeys: UiHandler<'own_app.site_keys'> = async ({ origin }, wallet) => {
  await wallet.session.required()
  return { keys: [...(await wallet.readAppKeys(origin))] }
}
