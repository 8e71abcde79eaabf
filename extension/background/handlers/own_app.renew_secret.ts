import { ownAppsOf } from '../own-apps.ts'
import type { UiHandler } from '../wallet.ts'

export const ownAppRenewSecret: UiHandler<'own_app.renew_secret'> = async (
  { clientId },
  wallet,
) => ({ secret: await (await ownAppsOf(wallet)).renewSecret(clientId) })
