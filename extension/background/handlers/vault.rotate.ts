import type { UiHandler } from '../wallet.ts'

export const vaultRotate: UiHandler<'vault.rotate'> = async (rotation, wallet) => {
  const { membership, protection } = wallet
  // Other devices have to be told with it: the server takes it first.
  const renewed = (await membership.hasServer())
    ? await membership.openEpoch(rotation)
    : await protection.rotate(rotation)
  wallet.announceChange()
  return renewed
}
