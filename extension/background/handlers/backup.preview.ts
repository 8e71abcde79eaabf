import { backupKeys } from '@valetkey/wallet/vault'
import { previewBackupKeys } from '@valetkey/wallet/transfer'
import { knownKeys, showImport } from '../bring-keys.ts'
import type { UiHandler } from '../wallet.ts'

export const backupPreview: UiHandler<'backup.preview'> = async ({ file, credentials }, wallet) => {
  const vault = await wallet.session.required()
  const backup = await wallet.backups.open(file, credentials)
  const { createdAt } = backup
  if (backup.vaultId === vault.vaultId) {
    return { kind: 'same', createdAt, outcome: await vault.previewMerge(backup) }
  }
  const read = previewBackupKeys(backupKeys(backup), await knownKeys(vault, wallet))
  return { kind: 'other', createdAt, preview: showImport(read) }
}
