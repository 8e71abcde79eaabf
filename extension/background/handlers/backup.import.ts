import { backupKeys } from '@valetkey/wallet/vault'
import { previewBackupKeys } from '@valetkey/wallet/transfer'
import { bringKeys, knownKeys } from '../bring-keys.ts'
import type { UiHandler } from '../wallet.ts'

export const backupImport: UiHandler<'backup.import'> = async (
  { file, credentials, chosen },
  wallet,
) => {
  const vault = await wallet.session.required()
  const backup = await wallet.backups.open(file, credentials)
  const read = previewBackupKeys(backupKeys(backup), await knownKeys(vault, wallet))
  return bringKeys(read, chosen, vault, wallet)
}
