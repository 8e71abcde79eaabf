/** Whether the recovery kit a person keeps is the one that recovers the vault today. */
import * as z from 'zod/mini'
import { parseRecoveryKey } from '../crypto/index.ts'
import { recordIdSchema } from '../protocol/index.ts'
import { isUnreadable, readWraps, rowOrNull } from './read-vault.ts'
import { openRecoveryWrap } from './recovery-wrap.ts'
import type { VaultStore } from './store.ts'

/** Names one recovery key without telling anything of it: the wrap it opens, at that revision. */
export const kitMarkSchema = z.strictObject({
  recordId: recordIdSchema,
  rev: z.int().check(z.positive()),
})
export type KitMark = z.infer<typeof kitMarkSchema>

/**
 * The mark of the kit this recovery key stands in.
 * @throws `request.invalid` with a reason for a mistyped key; `vault.unlock_failed` for the kit of another
 * vault, or an old one; `request.not_found` where there is no vault, or none with a recovery key;
 * `vault.corrupt`, `vault.newer`
 */
export async function markKit(store: VaultStore, recoveryKeyText: string): Promise<KitMark> {
  const recoveryKey = parseRecoveryKey(recoveryKeyText)
  const { wrap, entry } = openRecoveryWrap(await readWraps(store), recoveryKey)
  entry.rootKey.fill(0)
  return { recordId: wrap.recordId, rev: wrap.rev }
}

/**
 * Whether the marked kit still recovers the vault: each new kit, whatever brought it, ends the one before.
 * Of a table that cannot be read no kit recovers anything.
 */
export async function isKitInForce(store: VaultStore, mark: KitMark): Promise<boolean> {
  const row = await store.readRow(mark.recordId).then(rowOrNull, (error: unknown) => {
    if (isUnreadable(error)) return null
    throw error
  })
  return row?.method === 'recovery' && row.del === 0 && row.rev === mark.rev
}
