/**
 * What a recovery that was cut off is gone on with. Between the server's yes and the vault on this device the new
 * recovery key would exist in a worker's memory alone: whoever lost it there had no way in any more, with either kit.
 * So it is written down before it is sent, sealed for whoever types the kit that the person has.
 */
import * as z from 'zod/mini'
import {
  accountIdSchema,
  bytesTextUpTo,
  fromBase64url,
  isWalletError,
  publicKeyText,
  toBase64url,
  type AccountId,
} from '../protocol/index.ts'
import {
  exchangePublicKey,
  hkdfExpand,
  hpkeOpenContent,
  hpkeSealContent,
  label,
  type Bytes,
} from '../crypto/index.ts'

/** Recovery keys that may be in force, sealed; null: no recovery was begun here, or it came to its end. */
export const recoveryNoteSchema = z.nullable(
  z.strictObject({ accountId: accountIdSchema, enc: publicKeyText, sealed: bytesTextUpTo(4096) }),
)
export type RecoveryNote = z.infer<typeof recoveryNoteSchema>

/** Outlives the worker and the browser. */
export interface RecoveryNotes {
  read(): Promise<RecoveryNote>
  write(note: RecoveryNote): Promise<void>
}

/** Of more, the oldest are long void: each recovery that began anew made one. */
const KEYS_KEPT = 16
const keysSchema = z.strictObject({ keys: z.array(z.string()) })

/** The kit a person types, and the account it is of. */
export interface TypedKit {
  readonly accountId: AccountId
  readonly recoveryKey: Uint8Array
}

/** The newest last; none where nothing was written down for this kit. */
export async function readNotedKeys(notes: RecoveryNotes, kit: TypedKit): Promise<string[]> {
  const note = await notes.read()
  if (note?.accountId !== kit.accountId) return []
  const secret = secretOf(kit)
  try {
    const sealed = { enc: fromBase64url(note.enc), sealed: fromBase64url(note.sealed) }
    const content = keysSchema.safeParse(await hpkeOpenContent(secret, infoOf(kit), sealed))
    return content.success ? content.data.keys : []
  } catch (error) {
    // Of another kit.
    if (isWalletError(error, 'vault.corrupt')) return []
    throw error
  } finally {
    secret.fill(0)
  }
}

export async function noteKeys(
  notes: RecoveryNotes,
  kit: TypedKit,
  keys: readonly string[],
): Promise<void> {
  const secret = secretOf(kit)
  const content = { keys: keys.slice(-KEYS_KEPT) }
  const { enc, sealed } = await hpkeSealContent(exchangePublicKey(secret), infoOf(kit), content)
  secret.fill(0)
  const { accountId } = kit
  await notes.write({ accountId, enc: toBase64url(enc), sealed: toBase64url(sealed) })
}

const secretOf = (kit: TypedKit): Bytes => hkdfExpand(kit.recoveryKey, infoOf(kit))
const infoOf = ({ accountId }: TypedKit): Bytes => label('recovery-note', fromBase64url(accountId))
