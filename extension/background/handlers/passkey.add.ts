import type { UiHandler } from '../wallet.ts'

export const passkeyAdd: UiHandler<'passkey.add'> = async ({ prfSalt, ...touch }, wallet) => {
  const outcome = await wallet.protection.addPasskey(touch, prfSalt)
  wallet.announceChange()
  return outcome
}
