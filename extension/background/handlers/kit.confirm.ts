import type { UiHandler } from '../wallet.ts'

export const kitConfirm: UiHandler<'kit.confirm'> = async ({ recoveryKey }, wallet) => {
  await wallet.protection.confirmKit(recoveryKey)
  wallet.announceChange()
  return {}
}
