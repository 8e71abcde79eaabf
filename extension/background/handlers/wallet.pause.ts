import type { UiHandler } from '../wallet.ts'

export const walletPause: UiHandler<'wallet.pause'> = async ({ paused }, wallet) => {
  await wallet.settings.setPaused(paused)
  if (paused) wallet.pages.abortCalls()
  wallet.badge.setPaused(paused)
  wallet.announceChange()
  return {}
}
