import type { UiHandler } from '../wallet.ts'

export const deviceRename: UiHandler<'device.rename'> = async ({ deviceId, name }, wallet) => {
  await wallet.devices.rename(deviceId, name)
  wallet.announceChange()
  return {}
}
