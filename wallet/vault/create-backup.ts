import type { Bytes } from '../crypto/index.ts'
import { WalletError } from '../protocol/index.ts'
import { sealBackupFile, type BackupRecord } from './backup-file.ts'
import { isUnreadable } from './read-vault.ts'
import { idIn, isRecordRow, openRecordRow } from './record-row.ts'
import { parseRow, type SealingContext } from './sealed-row.ts'
import type { StoredRow } from './store.ts'
import { liveWraps } from './wrap-row.ts'

/** A backup, and what did not fit into one. */
export interface CreatedBackup {
  /** The whole file. */
  readonly file: Bytes
  /** Records in it, of every kind. */
  readonly recordCount: number
  /** Record ids of damaged rows, which are not in it; `''` where even the id is gone. */
  readonly damaged: readonly string[]
}

/**
 * Every readable record of an open vault in one file, with the wraps of passphrase and recovery key. A
 * passkey is none of another machine, and the keys of this device belong to no other one.
 * @throws `vault.corrupt` where neither wrap is there: nobody could open the backup; `request.too_large`
 */
export function sealBackup(
  context: SealingContext,
  stored: readonly unknown[],
  nowMs: number,
): CreatedBackup {
  const rows: StoredRow[] = []
  const records: BackupRecord[] = []
  const damaged: string[] = []
  for (const value of stored) {
    try {
      const row = parseRow(value)
      rows.push(row)
      const content = isRecordRow(context, row) ? openRecordRow(context, row) : null
      // C67: what a device may spend is no state to come back to.
      if (content !== null && content.kind !== 'allocation') {
        records.push({ recordId: row.recordId, content })
      }
    } catch (error) {
      if (!isUnreadable(error)) throw error
      damaged.push(idIn(value))
    }
  }
  const wraps = [...liveWraps(rows, 'passphrase'), ...liveWraps(rows, 'recovery')]
  const { vaultId, epoch, keys, random } = context
  const key = keys.recordKey(epoch)
  if (wraps.length === 0 || key === undefined) throw new WalletError('vault.corrupt')
  const header = { vaultId, createdAt: nowMs, wraps }
  const file = sealBackupFile(header, { records, epoch, key }, random)
  return { file, recordCount: records.length, damaged }
}
