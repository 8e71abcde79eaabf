import type { UiHandler } from '../wallet.ts'

export const settingsChange: UiHandler<'settings.change'> = async (settings, wallet) => {
  await wallet.session.required()
  await wallet.settings.write(settings)
  wallet.announceChange()
  return {}
}
