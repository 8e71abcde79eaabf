import type { UiHandler } from '../wallet.ts'

export const vaultReauthenticate: UiHandler<'vault.reauthenticate'> = async (
  { passphrase },
  wallet,
) => {
  await wallet.session.reauthenticate(passphrase)
  return {}
}
