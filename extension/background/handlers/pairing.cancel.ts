import type { UiHandler } from '../wallet.ts'

export const pairingCancel: UiHandler<'pairing.cancel'> = (_params, wallet) => {
  wallet.pairing.cancel()
  return Promise.resolve({})
}
