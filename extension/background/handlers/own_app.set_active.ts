import { ownAppsOf } from '../own-apps.ts'
import type { UiHandler } from '../wallet.ts'

export const ownAppSetActive: UiHandler<'own_app.set_active'> = async (
  { clientId, active },
  wallet,
) => {
  await (await ownAppsOf(wallet)).setActive(clientId, active)
  wallet.announceChange()
  return {}
}
