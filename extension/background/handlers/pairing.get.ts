import type { UiHandler } from '../wallet.ts'

export const pairingGet: UiHandler<'pairing.get'> = async (_params, wallet) => {
  return wallet.pairing.state()
}
