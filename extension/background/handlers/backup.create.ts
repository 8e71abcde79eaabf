import { toBase64url } from '@valetkey/wallet/protocol'
import type { UiHandler } from '../wallet.ts'

export const backupCreate: UiHandler<'backup.create'> = async (_params, wallet) => {
  const vault = await wallet.session.required()
  // A backup takes everything along, sealed; whoever walks past an unlocked computer gets none.
  if (!wallet.session.isReauthenticated()) return { outcome: 'passphrase-needed' }
  const { file, recordCount, damaged } = await vault.createBackup()
  return { outcome: 'created', file: toBase64url(file), recordCount, damagedCount: damaged.length }
}
