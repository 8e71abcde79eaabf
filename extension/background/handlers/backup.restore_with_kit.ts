import { remind } from '../expiry-reminders.ts'
import { kitOf } from '../protection.ts'
import type { UiHandler } from '../wallet.ts'

export const backupRestoreWithKit: UiHandler<'backup.restore_with_kit'> = async (
  { file, recoveryKey, newPassphrase },
  wallet,
) => {
  const kit = kitOf(await wallet.backups.restoreWithKit(file, recoveryKey, newPassphrase))
  // The vault is there and this is its only kit: whatever else fails must not keep it from the person.
  const vault = await wallet.session.open().catch(() => null)
  if (vault) await Promise.allSettled([wallet.sites.synchronise(vault), remind(vault, wallet)])
  wallet.announceChange()
  return { kit }
}
