import type { Wallet } from './wallet.ts'

/** Stops every site, or lets them go on. Running calls end with the pause. */
export async function pauseAll(
  paused: boolean,
  wallet: Pick<Wallet, 'settings' | 'pages' | 'badge' | 'announceChange' | 'linkedApps'>,
): Promise<void> {
  await wallet.settings.setPaused(paused)
  if (paused) {
    wallet.pages.abortCalls(undefined, 'grant.paused')
    wallet.linkedApps.stopAll()
  }
  wallet.badge.setPaused(paused)
  wallet.announceChange()
}
