import type { UiHandler } from '../router.ts'

export const sitePause: UiHandler<'site.pause'> = async ({ origin, paused }, wallet) => {
  await wallet.sites.setPaused(await wallet.session.required(), origin, paused)
  return {}
}
