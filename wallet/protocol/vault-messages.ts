/**
 * What our windows ask about the vault itself: what opens it and when it locks. A kit leaves the background
 * only in the answer to the request that made it, and is nowhere afterwards.
 */
import * as z from 'zod/mini'
import { method, nothing, passphraseText } from './ui-method.ts'

const passphrase = passphraseText
export const recoveryKey = z.string().check(z.minLength(1), z.maxLength(256))
/** base64url; WebAuthn §4: a credential id has at most 1023 bytes. */
const credentialId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,1364}$/))
const prfSalt = z.string().check(z.regex(/^[A-Za-z0-9_-]{22}$/))
/** base64url of 32 bytes */
const prfOutput = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))
const prfInput = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/))

/** The recovery kit, to be shown once. */
const recoveryKitSchema = z.strictObject({
  accountId: z.string(),
  /** `VK1-…` */
  secretKey: z.string(),
  /** `VR1-…` */
  recoveryKey: z.string(),
  /** Where the vault is synced: another device finds it there. */
  server: z.optional(z.string()),
})
export type RecoveryKit = z.infer<typeof recoveryKitSchema>
export const kitOnly = z.strictObject({ kit: recoveryKitSchema })
/** After a new epoch: passkeys that were not touched open nothing any more. */
export const renewedKit = z.strictObject({ kit: recoveryKitSchema, lostPasskeys: z.int() })

/** When the vault locks by itself. There is no "never". */
export const lockSettingsSchema = z.strictObject({
  /** Unused for so long. */
  idleMinutes: z.literal([1, 5, 15, 30, 60]),
  /** Whatever happens. */
  absoluteHours: z.literal([1, 4, 8, 24]),
  /** When the screen of the computer locks. */
  withScreen: z.boolean(),
})
export type LockSettings = z.infer<typeof lockSettingsSchema>

/** Set by nobody; longer only for a vault with a passkey, which makes unlocking often a small matter. */
export const USUAL_LOCK: LockSettings = { idleMinutes: 15, absoluteHours: 8, withScreen: true }

/** Whether these periods are for a vault with a passkey only. */
export function needsPasskey({ idleMinutes, absoluteHours }: LockSettings): boolean {
  return idleMinutes > USUAL_LOCK.idleMinutes || absoluteHours > USUAL_LOCK.absoluteHours
}

/** Shown wherever the passphrase is asked; it is no secret, and stands on the disk in clear. */
export const vaultPhraseSchema = z.string().check(z.maxLength(60))

const prfInputsSchema = z.strictObject({ first: prfInput, second: prfInput })
/** A passkey that was touched, and what its authenticator answered. */
const passkeyTouchSchema = z.strictObject({
  credentialId,
  prf: z.strictObject({ first: prfOutput, second: prfOutput }),
})
export type PasskeyTouch = z.infer<typeof passkeyTouchSchema>
export const passkeyTouches = z.array(passkeyTouchSchema).check(z.maxLength(32))

/** A passkey that opens the vault, readable while it is locked. */
const passkeySummarySchema = z.strictObject({
  credentialId: z.string(),
  /** base64url: what its authenticator is to evaluate. */
  prfInputs: prfInputsSchema,
})
export type PasskeySummary = z.infer<typeof passkeySummarySchema>

/** The same, with what is sealed about it: null while the vault is locked, or nobody wrote it down. */
const namedPasskeySchema = z.strictObject({
  ...passkeySummarySchema.shape,
  name: z.nullable(z.string()),
  createdAt: z.nullable(z.int()),
  lastUsedAt: z.nullable(z.int()),
})
export type NamedPasskey = z.infer<typeof namedPasskeySchema>
const passkeyName = z.string().check(z.maxLength(60))

const doneOrAsked = z.strictObject({ outcome: z.enum(['done', 'passphrase-needed']) })

export const VAULT_METHODS = {
  'vault.create': method(z.strictObject({ passphrase }), kitOnly),
  'vault.unlock': method(z.strictObject({ passphrase }), nothing),
  'vault.unlock_with_passkey': method(passkeyTouchSchema, nothing),
  'vault.lock': method(nothing, nothing),
  /** Counts for a minute: showing a key, an export. */
  'vault.reauthenticate': method(z.strictObject({ passphrase }), nothing),
  /** Six words, to be offered. */
  'vault.suggest_passphrase': method(nothing, z.strictObject({ passphrase: z.string() })),
  'vault.change_passphrase': method(
    z.strictObject({ passphrase, newPassphrase: passphrase }),
    nothing,
  ),
  /** A new root key; a new passphrase with it where the old one leaked. Passkeys not touched are dropped. */
  'vault.rotate': method(
    z.strictObject({
      passphrase,
      newPassphrase: z.optional(passphrase),
      passkeys: passkeyTouches,
    }),
    renewedKit,
  ),
  /** The vault is open afterwards, with everything new that the old kit or disk could tell. */
  'vault.recover': method(
    z.strictObject({
      ...{ recoveryKey, newPassphrase: passphrase },
      /** Without its server, where that does not let this device in: it goes on alone. */
      alone: z.optional(z.literal(true)),
    }),
    kitOnly,
  ),
  /** A kit with another recovery key: the one before recovers nothing from then on. */
  'kit.renew': method(z.strictObject({ passphrase }), kitOnly),
  /** The quiz was passed with this kit: no more reminders of it. */
  'kit.confirm': method(z.strictObject({ recoveryKey }), nothing),
  'passkey.list': method(nothing, z.strictObject({ passkeys: z.array(namedPasskeySchema) })),
  /** What a passkey about to be made is to evaluate. */
  'passkey.prepare': method(nothing, z.strictObject({ prfSalt, prfInputs: prfInputsSchema })),
  'passkey.add': method(
    z.strictObject({ ...passkeyTouchSchema.shape, prfSalt, name: passkeyName }),
    doneOrAsked,
  ),
  'passkey.rename': method(z.strictObject({ credentialId, name: passkeyName }), nothing),
  'passkey.remove': method(z.strictObject({ credentialId }), nothing),
  /** Readable while the vault is locked. */
  'protection.get': method(
    nothing,
    z.strictObject({ phrase: vaultPhraseSchema, lock: lockSettingsSchema }),
  ),
  'protection.set_phrase': method(z.strictObject({ phrase: vaultPhraseSchema }), doneOrAsked),
  /** Locking later than now asks for the passphrase. */
  'protection.set_lock': method(
    lockSettingsSchema,
    z.strictObject({ outcome: z.enum(['done', 'passphrase-needed', 'passkey-needed']) }),
  ),
} as const
