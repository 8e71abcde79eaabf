import type { UiHandler } from '../wallet.ts'

export const syncGet: UiHandler<'sync.get'> = (_params, wallet) => wallet.devices.state()
