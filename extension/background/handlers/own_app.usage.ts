import { ownAppsOf } from '../own-apps.ts'
import type { UiHandler } from '../wallet.ts'

export const ownAppUsage: UiHandler<'own_app.usage'> = async ({ clientId }, wallet) =>
  (await ownAppsOf(wallet)).usage(clientId)
