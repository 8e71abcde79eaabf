import type { UiHandler } from '../wallet.ts'

export const vaultChangePassphrase: UiHandler<'vault.change_passphrase'> = async (
  change,
  wallet,
) => {
  await wallet.protection.changePassphrase(change)
  return {}
}
