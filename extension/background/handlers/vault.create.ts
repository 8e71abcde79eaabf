import { kitOf } from '../protection.ts'
import type { UiHandler } from '../wallet.ts'

export const vaultCreate: UiHandler<'vault.create'> = async ({ passphrase }, wallet) => {
  const kit = await wallet.session.create(passphrase)
  wallet.announceChange()
  return { kit: kitOf(kit) }
}
