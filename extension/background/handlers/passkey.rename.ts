import type { UiHandler } from '../wallet.ts'

export const passkeyRename: UiHandler<'passkey.rename'> = async (
  { credentialId, name },
  wallet,
) => {
  await wallet.protection.renamePasskey(credentialId, name)
  wallet.announceChange()
  return {}
}
