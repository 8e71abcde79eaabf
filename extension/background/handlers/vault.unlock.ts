import { afterUnlock } from '../after-unlock.ts'
import type { UiHandler } from '../wallet.ts'

export const vaultUnlock: UiHandler<'vault.unlock'> = async ({ passphrase }, wallet) => {
  await wallet.session.unlock(passphrase)
  const vault = await wallet.session.required()
  void afterUnlock(vault, wallet)
  wallet.announceChange()
  return {}
}
