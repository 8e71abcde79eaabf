import type { UiHandler } from '../wallet.ts'

export const pairingClaim: UiHandler<'pairing.claim'> = async ({ code }, wallet) => {
  return wallet.pairing.claim(code)
}
