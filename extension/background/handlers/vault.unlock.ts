import { remind } from '../expiry-reminders.ts'
import { doKeyChores } from '../key-chores.ts'
import type { UiHandler } from '../wallet.ts'

export const vaultUnlock: UiHandler<'vault.unlock'> = async ({ passphrase }, wallet) => {
  await wallet.session.unlock(passphrase)
  const vault = await wallet.session.required()
  await wallet.sites.synchronise(vault)
  await doKeyChores(wallet)
  await remind(vault, wallet)
  wallet.announceChange()
  return {}
}
