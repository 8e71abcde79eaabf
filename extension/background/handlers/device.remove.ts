import type { DeviceId } from '@valetkey/wallet/protocol'
import type { UiHandler } from '../wallet.ts'

export const deviceRemove: UiHandler<'device.remove'> = async (
  { deviceId, ...rotation },
  wallet,
) => {
  const renewed = await wallet.membership.openEpoch(rotation, [deviceId as DeviceId])
  wallet.announceChange()
  return renewed
}
