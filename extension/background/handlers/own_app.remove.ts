import { ownAppsOf } from '../own-apps.ts'
import type { UiHandler } from '../wallet.ts'

export const ownAppRemove: UiHandler<'own_app.remove'> = async ({ clientId }, wallet) => {
  await (await ownAppsOf(wallet)).remove(clientId)
  wallet.announceChange()
  return {}
}
