import type { UiHandler } from '../wallet.ts'

export const deviceList: UiHandler<'device.list'> = async (_params, wallet) => {
  return { devices: [...(await wallet.devices.list())] }
}
