import type { UiHandler } from '../wallet.ts'

export const syncRestoreServer: UiHandler<'sync.restore_server'> = async (
  { passphrase },
  wallet,
) => {
  const made = await wallet.membership.restoreServer(passphrase)
  wallet.announceChange()
  return made
}
