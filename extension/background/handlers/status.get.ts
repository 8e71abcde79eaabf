import type { UiHandler } from '../wallet.ts'

export const statusGet: UiHandler<'status.get'> = async ({ seen }, wallet) => {
  if (seen === true) wallet.badge.clear()
  return {
    vault: await wallet.session.state(),
    paused: await wallet.settings.isPaused(),
    updateWaits: wallet.updates.isWaiting(),
    kitKept: await wallet.protection.isKitKept(),
  }
}
