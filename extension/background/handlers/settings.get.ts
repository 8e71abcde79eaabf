import type { UiHandler } from '../wallet.ts'

export const settingsGet: UiHandler<'settings.get'> = (_params, wallet) => wallet.settings.read()
