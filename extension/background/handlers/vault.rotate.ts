import type { UiHandler } from '../wallet.ts'

export const vaultRotate: UiHandler<'vault.rotate'> = async (rotation, wallet) => {
  const renewed = await wallet.protection.rotate(rotation)
  wallet.announceChange()
  return renewed
}
