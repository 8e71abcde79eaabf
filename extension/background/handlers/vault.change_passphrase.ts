import type { UiHandler } from '../wallet.ts'

export const vaultChangePassphrase: UiHandler<'vault.change_passphrase'> = async (
  change,
  { membership, protection },
) => {
  // Where there are other devices, the server takes it first.
  await ((await membership.hasServer()) ? membership : protection).changePassphrase(change)
  return {}
}
