import { remind } from '../expiry-reminders.ts'
import type { UiHandler } from '../wallet.ts'

export const backupRestore: UiHandler<'backup.restore'> = async (
  { file, passphrase, secretKey },
  wallet,
) => {
  const recordCount = await wallet.backups.restore(file, { passphrase, secretKey })
  const vault = await wallet.session.required()
  await wallet.sites.synchronise(vault)
  await remind(vault, wallet)
  wallet.announceChange()
  return { recordCount }
}
