import type { UiHandler } from '../wallet.ts'

/** Nothing was sealed for the other one: its pairing ends by itself. */
export const pairingRefuse: UiHandler<'pairing.refuse'> = (_params, wallet) => {
  wallet.pairing.cancel()
  return Promise.resolve({})
}
