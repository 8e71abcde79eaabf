import type { UiHandler } from '../wallet.ts'

export const linkedPause: UiHandler<'linked.pause'> = async ({ grantId, paused }, wallet) => {
  await wallet.linkedApps.setPaused(await wallet.session.required(), grantId, paused)
  wallet.announceChange()
  return {}
}
