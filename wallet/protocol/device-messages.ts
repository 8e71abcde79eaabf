/** What our windows ask about a person's other devices: the server between them, their list, pairing. */
import * as z from 'zod/mini'
import { errorDetailsSchema, wireErrorSchema } from './errors.ts'
import { method, nothing, passphraseText } from './ui-method.ts'
import { kitOnly, passkeyTouches, recoveryKey, renewedKit } from './vault-messages.ts'
import { idText } from './wire-bytes.ts'

/** An origin: `https://…`, or `http://` on loopback. */
const serverOrigin = z.string().check(z.minLength(1), z.maxLength(256))
const passphrase = passphraseText

/** What keeps this device from being in step with the others. */
export const syncProblemSchema = z.strictObject({
  code: z.string(),
  at: z.int(),
  details: z.optional(errorDetailsSchema),
})
export type SyncProblem = z.infer<typeof syncProblemSchema>

/** How this device stands to its server. */
const syncStateSchema = z.strictObject({
  /** Null: this vault is on this device alone. */
  server: z.nullable(z.string()),
  /** Of the account at the server: it stands on the recovery kit. */
  accountId: z.nullable(z.string()),
  isRunning: z.boolean(),
  /** Changes of this device come to the others, and theirs come here, within seconds. */
  isLive: z.boolean(),
  syncedAt: z.nullable(z.int()),
  /** Records changed here that the server does not have yet. */
  waitingCount: z.int(),
  /** Null while all is well. */
  problem: z.nullable(syncProblemSchema),
  /**
   * What two devices in step show alike. A device that was let in by kit or passphrase alone cannot tell an
   * old state of the server from the newest one: the person compares (protocols §1).
   */
  headCode: z.nullable(z.string()),
  isFreshnessKnown: z.boolean(),
  /** No device has written for so long that the server may be holding something back. */
  isSilent: z.boolean(),
  /** When somebody last fetched the vault with the recovery kit. */
  recoveredAt: z.nullable(z.int()),
})
export type SyncStateView = z.infer<typeof syncStateSchema>

const deviceSchema = z.strictObject({
  id: z.string(),
  /** Null: nobody named it. */
  name: z.nullable(z.string()),
  isThis: z.boolean(),
  addedAt: z.int(),
  /** When the server heard of it last; null: it does not say. */
  seenAt: z.nullable(z.int()),
})
export type DeviceView = z.infer<typeof deviceSchema>
const deviceName = z.string().check(z.minLength(1), z.maxLength(60))

/** A new kit that is in force, and what went wrong after it was made. The kit is shown either way. */
const kitAndProblem = z.strictObject({
  ...kitOnly.shape,
  problem: z.nullable(wireErrorSchema),
})

/** Typed on the old device; case and dashes are forgiven. */
const pairingCode = z.string().check(z.minLength(1), z.maxLength(32))
const words = z.array(z.string())

export const DEVICE_METHODS = {
  'sync.get': method(nothing, syncStateSchema),
  /** Makes an account for this vault, and a new kit, since the kit names the server. */
  'sync.sign_up': method(z.strictObject({ server: serverOrigin, passphrase }), kitAndProblem),
  /** This browser has no vault yet: takes over the one of an account. */
  'sync.enrol': method(
    z.strictObject({
      ...{ server: serverOrigin, accountId: idText, passphrase },
      secretKey: z.string().check(z.minLength(1), z.maxLength(256)),
    }),
    nothing,
  ),
  /** The same with the recovery kit alone: everything it could tell is new afterwards. */
  'sync.recover': method(
    z.strictObject({
      ...{ server: serverOrigin, accountId: idText, recoveryKey },
      newPassphrase: passphrase,
    }),
    kitOnly,
  ),
  'sync.now': method(nothing, nothing),
  /** The person compared the codes of two devices. */
  'sync.confirm_fresh': method(nothing, nothing),
  /** What this device has becomes what the server has: after the server lost or forgot something. */
  'sync.restore_server': method(z.strictObject({ passphrase }), kitAndProblem),
  'sync.move': method(z.strictObject({ server: serverOrigin, passphrase }), kitAndProblem),
  /** This device goes on alone. The account and its other devices stay. */
  'sync.stop': method(nothing, nothing),
  /** Everything at the server goes; every device keeps what it has. */
  'sync.delete_account': method(z.strictObject({ passphrase }), nothing),
  'device.list': method(nothing, z.strictObject({ devices: z.array(deviceSchema) })),
  'device.rename': method(z.strictObject({ deviceId: idText, name: deviceName }), nothing),
  /** Opens a new epoch: the removed device reads nothing that is written from then on. */
  'device.remove': method(
    z.strictObject({ deviceId: idText, passphrase, passkeys: passkeyTouches }),
    renewedKit,
  ),
  /** On the new device, which has no vault: the code to type on the old one. */
  'pairing.begin': method(
    z.strictObject({ server: serverOrigin }),
    z.strictObject({ code: z.string(), expiresAt: z.int() }),
  ),
  /**
   * On the new device. `words`: both show the same six, or somebody is between them; `confirmed`: the person
   * said so here, and the old device is waited for.
   */
  'pairing.get': method(
    nothing,
    z.strictObject({
      step: z.enum(['none', 'waiting', 'words', 'confirmed', 'done', 'failed']),
      words,
      problem: z.nullable(z.string()),
    }),
  ),
  'pairing.cancel': method(nothing, nothing),
  /** On the old device. Who finds the vault open must not let a device in that stays. */
  'pairing.claim': method(
    z.strictObject({ code: pairingCode }),
    z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('claimed'), words }),
      z.strictObject({ outcome: z.literal('passphrase-needed') }),
    ]),
  ),
  /** Asked on both devices: the words are the same. */
  'pairing.confirm': method(nothing, nothing),
  'pairing.refuse': method(nothing, nothing),
} as const
