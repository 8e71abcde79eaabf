import type { UiHandler } from '../wallet.ts'

export const pairingBegin: UiHandler<'pairing.begin'> = async ({ server }, wallet) => {
  return wallet.pairing.begin(server)
}
