import type { UiHandler } from '../wallet.ts'

export const syncDeleteAccount: UiHandler<'sync.delete_account'> = async (
  { passphrase },
  wallet,
) => {
  await wallet.membership.deleteAccount(passphrase)
  wallet.announceChange()
  return {}
}
