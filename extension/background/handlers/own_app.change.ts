import { ownAppsOf } from '../own-apps.ts'
import type { UiHandler } from '../wallet.ts'

export const ownAppChange: UiHandler<'own_app.change'> = async ({ clientId, draft }, wallet) => {
  await (await ownAppsOf(wallet)).change(clientId, draft)
  wallet.announceChange()
  return {}
}
