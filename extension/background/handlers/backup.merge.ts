import { remind } from '../expiry-reminders.ts'
import type { UiHandler } from '../wallet.ts'

export const backupMerge: UiHandler<'backup.merge'> = async ({ file, credentials }, wallet) => {
  const vault = await wallet.session.required()
  const backup = await wallet.backups.open(file, credentials)
  const outcome = await vault.mergeBackup(backup)
  await wallet.sites.synchronise(vault)
  await remind(vault, wallet)
  wallet.announceChange()
  return { outcome }
}
