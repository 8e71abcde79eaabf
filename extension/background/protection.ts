/** What opens the vault and when it locks, as the person changes it. */
import {
  USUAL_LOCK,
  WalletError,
  fromBase64url,
  needsPasskey,
  toBase64url,
  type LockSettings,
  type NamedPasskey,
  type PasskeyTouch,
  type RecoveryKit,
  type StoredValue,
} from '@valetkey/wallet/protocol'
import {
  addPasskey,
  changePassphrase,
  createPasskeyQuestion,
  dropPasskeyLabels,
  isKitInForce,
  markKit,
  readPasskeyLabels,
  readUnlockMethods,
  recoverVault,
  removePasskey,
  renewRecoveryKey,
  rotateRootKey,
  unlockWithPasskey,
  writePasskeyLabel,
  type KitMark,
  type LockPeriods,
  type PassphraseChange,
  type PasskeyAnswer,
  type PasskeyQuestion,
  type RecoveryKit as MadeKit,
  type UnlockAttempts,
  type VaultPorts,
} from '@valetkey/wallet/vault'
import type { VaultSession } from './vault-session.ts'

interface ProtectionPorts {
  readonly vault: VaultPorts
  /** C84: the same that unlocking goes through. */
  readonly attempts: UnlockAttempts
  readonly session: VaultSession
  /** The kit whose quiz was passed. */
  readonly keptKit: StoredValue<KitMark | null>
  readonly phrase: StoredValue<string>
  readonly lock: StoredValue<LockSettings>
}

export interface Rotation {
  readonly passphrase: string
  readonly newPassphrase?: string | undefined
  readonly passkeys: readonly PasskeyTouch[]
}

type Asked = { readonly outcome: 'done' | 'passphrase-needed' }

/**
 * Changes of what opens the vault. Each asks the passphrase or the kit anew, although the vault is open:
 * who finds it open must not make a way in that stays (security §2, stolen unlocked laptop).
 */
export class Protection {
  readonly #ports: ProtectionPorts

  constructor(ports: ProtectionPorts) {
    this.#ports = ports
  }

  /** Whether the quiz was passed with the kit that recovers the vault today. */
  async isKitKept(): Promise<boolean> {
    const { keptKit, vault } = this.#ports
    const mark = await keptKit.read()
    return mark !== null && isKitInForce(vault.store, mark)
  }

  /** @throws as `markKit` does: what is no kit of this vault confirms nothing; `vault.locked` */
  async confirmKit(recoveryKey: string): Promise<void> {
    const { session, keptKit, vault } = this.#ports
    await session.required()
    await keptKit.write(await markKit(vault.store, recoveryKey))
  }

  /** @throws `vault.locked`, and as `renewRecoveryKey` does */
  async renewKit(passphrase: string): Promise<RecoveryKit> {
    const { session, attempts, vault } = this.#ports
    await session.required()
    return kitOf(await attempts.run(() => renewRecoveryKey(vault, passphrase)))
  }

  /** @throws `vault.locked`, and as `changePassphrase` does */
  async changePassphrase(change: PassphraseChange): Promise<void> {
    const { session, attempts, vault } = this.#ports
    await session.required()
    await attempts.run(() => changePassphrase(vault, change))
  }

  /** @throws `vault.locked`, and as `rotateRootKey` does */
  async rotate(rotation: Rotation): Promise<{ kit: RecoveryKit; lostPasskeys: number }> {
    const { session, attempts, vault } = this.#ports
    const { passphrase, newPassphrase } = rotation
    const open = await session.required()
    const passkeys = rotation.passkeys.map(answerOf)
    const renewed = await attempts
      .run(() =>
        rotateRootKey(vault, {
          ...{ passphrase, passkeys, open },
          ...(newPassphrase !== undefined && { newPassphrase }),
        }),
      )
      .finally(() => {
        passkeys.forEach(forget)
      })
    // It is committed: whatever fails now, the person must get the only kit there is.
    await Promise.allSettled([session.cacheAnew(open), this.shortenLock()])
    return { kit: kitOf(renewed.kit), lostPasskeys: renewed.lostPasskeys.length }
  }

  /**
   * Opens the vault with the kit and makes everything new that the old kit or disk could tell.
   * @throws as `recoverVault` does
   */
  async recover(recoveryKeyText: string, newPassphrase: string): Promise<RecoveryKit> {
    const { session, attempts, vault } = this.#ports
    const open = await session.open()
    const renewed = await attempts.run(() =>
      recoverVault(vault, { recoveryKeyText, newPassphrase, ...(open && { open }) }),
    )
    await Promise.allSettled([session.admit(renewed.vault), this.shortenLock()])
    return kitOf(renewed.kit)
  }

  /**
   * The passkeys as a window may know them, also while the vault is locked: then without their names.
   * @throws `request.not_found` where no vault is; `vault.corrupt`, `vault.newer`
   */
  async passkeys(): Promise<readonly NamedPasskey[]> {
    const { session, vault } = this.#ports
    const { passkeys } = await readUnlockMethods(vault.store)
    const open = passkeys.length > 0 ? await session.openForChore() : null
    const labels = await (open && readPasskeyLabels(open))
    return passkeys.map(({ credentialId, prfInputs }) => {
      const { name = '', createdAt = null, lastUsedAt = null } = labels?.get(credentialId) ?? {}
      const named = { name: name === '' ? null : name, createdAt, lastUsedAt }
      return { credentialId, prfInputs: textOf(prfInputs), ...named }
    })
  }

  /** The question for a passkey about to be made. */
  preparePasskey(): { prfSalt: string; prfInputs: { first: string; second: string } } {
    const { prfSalt, prfInputs } = createPasskeyQuestion(this.#ports.vault.random)
    return { prfSalt, prfInputs: textOf(prfInputs) }
  }

  /** @throws `vault.locked`, and as `addPasskey` does */
  async addPasskey(touch: PasskeyTouch, prfSalt: string, name: string): Promise<Asked> {
    const { session, vault } = this.#ports
    const open = await session.required()
    if (!session.isReauthenticated()) return { outcome: 'passphrase-needed' }
    const answer = answerOf(touch)
    await addPasskey(vault, open, { ...answer, prfSalt }).finally(() => {
      forget(answer)
    })
    // It opens the vault from now on: one that nothing could be written down about is named later.
    const label = { name: nameOf(name), createdAt: vault.clock(), lastUsedAt: null }
    await writePasskeyLabel(open, touch.credentialId, label).catch(() => undefined)
    return { outcome: 'done' }
  }

  /** @throws `vault.locked`; `request.not_found` for a passkey that opens nothing */
  async renamePasskey(credentialId: string, name: string): Promise<void> {
    const open = await this.#ports.session.required()
    if (!(await this.#credentialIds()).has(credentialId)) throw new WalletError('request.not_found')
    await writePasskeyLabel(open, credentialId, { name: nameOf(name) })
  }

  /** @throws `vault.locked`, and as `removePasskey` does */
  async removePasskey(credentialId: string): Promise<void> {
    const { session, vault } = this.#ports
    const open = await session.required()
    await removePasskey(vault, open, credentialId)
    await this.shortenLock()
    // Whatever is left of it names what is gone: no reason to say that it is still there.
    await dropPasskeyLabels(open, await this.#credentialIds()).catch(() => undefined)
  }

  /** @throws as `unlockWithPasskey` does */
  async unlockWithPasskey(touch: PasskeyTouch): Promise<void> {
    const { session, vault } = this.#ports
    const answer = answerOf(touch)
    const opened = await unlockWithPasskey(vault, answer).finally(() => {
      forget(answer)
    })
    await session.admit(opened)
    const use = { lastUsedAt: vault.clock() }
    // Nobody waits for it: the vault is open, also on a full disk.
    void writePasskeyLabel(opened, touch.credentialId, use).catch(() => undefined)
  }

  async describe(): Promise<{ phrase: string; lock: LockSettings }> {
    const { phrase, lock } = this.#ports
    return { phrase: await phrase.read(), lock: await lock.read() }
  }

  /** A phrase that anyone could set would vouch for nothing. @throws `vault.locked` */
  async setPhrase(phrase: string): Promise<Asked> {
    const { session } = this.#ports
    await session.required()
    if (!session.isReauthenticated()) return { outcome: 'passphrase-needed' }
    await this.#ports.phrase.write(phrase.normalize('NFC').trim())
    return { outcome: 'done' }
  }

  /** @throws `vault.locked` */
  async setLock(next: LockSettings): Promise<{ outcome: Asked['outcome'] | 'passkey-needed' }> {
    const { session, lock } = this.#ports
    await session.required()
    const before = await lock.read()
    if (needsPasskey(next) && (await this.#credentialIds()).size === 0)
      return { outcome: 'passkey-needed' }
    if (isLater(next, before) && !session.isReauthenticated())
      return { outcome: 'passphrase-needed' }
    await this.#writeLock(before, next)
    return { outcome: 'done' }
  }

  /** Of the passkeys that open the vault. */
  async #credentialIds(): Promise<ReadonlySet<string>> {
    const { passkeys } = await readUnlockMethods(this.#ports.vault.store)
    return new Set(passkeys.map(({ credentialId }) => credentialId))
  }

  /** Long periods end with the last passkey. */
  async shortenLock(): Promise<void> {
    const before = await this.#ports.lock.read()
    if (!needsPasskey(before) || (await this.#credentialIds()).size > 0) return
    await this.#writeLock(before, { ...USUAL_LOCK, withScreen: before.withScreen })
  }

  async #writeLock(before: LockSettings, next: LockSettings): Promise<void> {
    await this.#ports.lock.write(next)
    await this.#ports.session.changePeriods(lockPeriods(before), lockPeriods(next))
  }
}

/** As the vault counts them. */
export function lockPeriods({ idleMinutes, absoluteHours }: LockSettings): LockPeriods {
  return { idleMs: idleMinutes * 60_000, absoluteMs: absoluteHours * 3_600_000 }
}

/** Whether the vault locks when the browser says this of its person. */
export function locksVault(state: string, { withScreen }: LockSettings): boolean {
  return state === 'locked' ? withScreen : state !== 'active'
}

function isLater(next: LockSettings, before: LockSettings): boolean {
  return (
    next.idleMinutes > before.idleMinutes ||
    next.absoluteHours > before.absoluteHours ||
    (before.withScreen && !next.withScreen)
  )
}

/** As it goes to the screen that shows it, and nowhere else. */
export function kitOf({ accountId, secretKeyText, recoveryKeyText }: MadeKit): RecoveryKit {
  return { accountId, secretKey: secretKeyText, recoveryKey: recoveryKeyText }
}

function nameOf(typed: string): string {
  return typed.normalize('NFC').trim()
}

/** As it goes to a window. */
function textOf({ first, second }: PasskeyQuestion['prfInputs']) {
  return { first: toBase64url(first), second: toBase64url(second) }
}

/** @throws `request.unprocessable` */
export function answerOf({ credentialId, prf }: PasskeyTouch): PasskeyAnswer {
  try {
    const [first, second] = [fromBase64url(prf.first), fromBase64url(prf.second)]
    return { credentialId, prf: { first, second } }
  } catch (cause) {
    throw new WalletError('request.unprocessable', undefined, { cause })
  }
}

export function forget({ prf }: PasskeyAnswer): void {
  prf.first.fill(0)
  prf.second.fill(0)
}
