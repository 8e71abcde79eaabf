import type { UiHandler } from '../wallet.ts'

export const linkedRevoke: UiHandler<'linked.revoke'> = async ({ grantId }, wallet) => {
  await wallet.linkedApps.revoke(await wallet.session.required(), grantId)
  wallet.announceChange()
  return {}
}
