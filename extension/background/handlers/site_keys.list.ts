import type { UiHandler } from '../wallet.ts'

export const siteKeysList: UiHandler<'site_keys.list'> = async ({ origin }, wallet) => ({
  providers: [...(await wallet.keptKeys.find(await wallet.session.required(), origin))],
})
