import type { UiHandler } from '../wallet.ts'

export const recoveryGet: UiHandler<'recovery.get'> = async (_params, wallet) => {
  // What cannot be opened at all is no failure here: it is what the window asks about. And looking is no
  // use of the vault: it postpones no lock.
  const vault = await wallet.session.openForChore().catch(() => null)
  if (!vault) return wallet.backups.examine()
  const { damaged } = await vault.listKeys()
  return { state: 'open', damagedCount: damaged.length }
}
