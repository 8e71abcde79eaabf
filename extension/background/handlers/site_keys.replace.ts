import type { UiHandler } from '../wallet.ts'

export const siteKeysReplace: UiHandler<'site_keys.replace'> = async ({ origin }, wallet) => ({
  replaced: [...(await wallet.keptKeys.replace(await wallet.session.required(), origin))],
})
