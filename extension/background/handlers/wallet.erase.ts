import type { UiHandler } from '../wallet.ts'

/** Asks no passphrase: whoever forgot it must be able to start again, and gains nothing else by it. */
export const walletErase: UiHandler<'wallet.erase'> = async (_params, wallet) => {
  await wallet.erasure.run()
  wallet.announceChange()
  return {}
}
