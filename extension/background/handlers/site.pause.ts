import type { UiHandler } from '../wallet.ts'

export const sitePause: UiHandler<'site.pause'> = async ({ origin, paused }, wallet) => {
  await wallet.sites.setPaused(await wallet.session.required(), origin, paused)
  return {}
}
