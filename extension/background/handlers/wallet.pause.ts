import type { UiHandler } from '../wallet.ts'

export const walletPause: UiHandler<'wallet.pause'> = async ({ paused }, wallet) => {
  await wallet.settings.setPaused(paused)
  if (paused) wallet.pages.abortCalls(undefined, 'grant.paused')
  wallet.badge.setPaused(paused)
  wallet.announceChange()
  return {}
}
