import type { UiHandler } from '../wallet.ts'

export const vaultUnlock: UiHandler<'vault.unlock'> = async ({ passphrase }, wallet) => {
  await wallet.session.unlock(passphrase)
  await wallet.sites.synchronise(await wallet.session.required())
  wallet.announceChange()
  return {}
}
