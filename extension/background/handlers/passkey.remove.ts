import type { UiHandler } from '../wallet.ts'

export const passkeyRemove: UiHandler<'passkey.remove'> = async ({ credentialId }, wallet) => {
  await wallet.protection.removePasskey(credentialId)
  wallet.announceChange()
  return {}
}
