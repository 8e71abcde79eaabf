import type { UiHandler } from '../wallet.ts'

export const passkeyAdd: UiHandler<'passkey.add'> = async ({ prfSalt, name, ...touch }, wallet) => {
  const outcome = await wallet.protection.addPasskey(touch, prfSalt, name)
  wallet.announceChange()
  return outcome
}
