import { pauseAll } from '../pause-all.ts'
import type { UiHandler } from '../wallet.ts'

export const walletPause: UiHandler<'wallet.pause'> = async ({ paused }, wallet) => {
  await pauseAll(paused, wallet)
  return {}
}
