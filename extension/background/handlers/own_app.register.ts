import { ownAppsOf } from '../own-apps.ts'
import type { UiHandler } from '../wallet.ts'

export const ownAppRegister: UiHandler<'own_app.register'> = async ({ kind, draft }, wallet) => {
  const made = await (await ownAppsOf(wallet)).register(kind, draft)
  wallet.announceChange()
  return made
}
