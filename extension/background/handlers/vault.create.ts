import type { UiHandler } from '../wallet.ts'

export const vaultCreate: UiHandler<'vault.create'> = async ({ passphrase }, wallet) => {
  const secretKey = await wallet.session.create(passphrase)
  wallet.announceChange()
  return { secretKey }
}
