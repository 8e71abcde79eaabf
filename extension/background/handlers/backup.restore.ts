import { afterUnlock } from '../after-unlock.ts'
import type { UiHandler } from '../wallet.ts'

export const backupRestore: UiHandler<'backup.restore'> = async (
  { file, passphrase, secretKey },
  wallet,
) => {
  const recordCount = await wallet.backups.restore(file, { passphrase, secretKey })
  const vault = await wallet.session.required()
  void afterUnlock(vault, wallet)
  wallet.announceChange()
  return { recordCount }
}
