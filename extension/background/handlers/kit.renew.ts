import type { UiHandler } from '../wallet.ts'

export const kitRenew: UiHandler<'kit.renew'> = async ({ passphrase }, wallet) => {
  const kit = await wallet.protection.renewKit(passphrase)
  wallet.announceChange()
  return { kit }
}
