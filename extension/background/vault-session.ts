import { WalletError, createTurns, isWalletError, type Clock } from '@valetkey/wallet/protocol'
import {
  createVault,
  extendDeadlines,
  isLockDue,
  readVaultState,
  reopenVault,
  startDeadlines,
  unlockVault,
  type LockPeriods,
  type OpenVault,
  type RecoveryKit,
  type UnlockAttempts,
  type VaultPorts,
} from '@valetkey/wallet/vault'
import type { SessionCache, Unlocked } from '../adapters/session-cache.ts'

/** A passphrase entered again counts this long (security §5). */
export const REAUTHENTICATED_MS = 60_000

export type VaultState = 'none' | 'locked' | 'unlocked' | 'damaged'

interface VaultSessionPorts {
  readonly vault: VaultPorts
  /** C84: whatever asks the passphrase waits after wrong ones. */
  readonly attempts: UnlockAttempts
  readonly cache: SessionCache
  readonly clock: Clock
  /** How long the person lets it stay open. */
  readonly periods: () => Promise<LockPeriods>
  /** Called once each time the vault goes from open to locked. */
  readonly onLock: () => void
}

/**
 * The vault as the worker holds it: opened once with the passphrase, reopened after every wake. Every
 * change of state runs alone, or a lock that was decided before an unlock would undo it.
 */
export class VaultSession {
  readonly #ports: VaultSessionPorts
  #open: OpenVault | null = null
  #reauthenticatedAt: number | null = null
  readonly #alone = createTurns()

  constructor(ports: VaultSessionPorts) {
    this.#ports = ports
  }

  async state(): Promise<VaultState> {
    if (await this.open()) return 'unlocked'
    const stored = await readVaultState(this.#ports.vault.store)
    if (stored === 'none') return 'none'
    return stored === 'present' ? 'locked' : 'damaged'
  }

  /** @returns the recovery kit, shown once */
  async create(passphrase: string): Promise<RecoveryKit> {
    const { vault, kit } = await createVault(this.#ports.vault, passphrase)
    // It is committed: a cache that fails leaves a locked vault, not a person without the only kit.
    await this.admit(vault).catch(() => undefined)
    return kit
  }

  /** @throws `vault.unlock_failed`, with `retryAfterMs` where there is to wait; `vault.corrupt`, `vault.newer` */
  async unlock(passphrase: string): Promise<void> {
    await this.admit(await this.#tryPassphrase(passphrase))
  }

  /** Takes a vault over that was opened by other means: a passkey, the recovery kit. */
  admit(vault: OpenVault): Promise<void> {
    return this.#alone(() => this.#remember(vault))
  }

  /** Keeps the root keys of a vault that went on in a new epoch. One that was locked meanwhile stays so. */
  cacheAnew(vault: OpenVault): Promise<void> {
    return this.#alone(async () => {
      const cached = await this.#checked()
      if (!cached || this.#open !== vault) return
      await this.#ports.cache.write({ ...cached, rootKeys: vault.exportRootKeys() })
    })
  }

  /** From now on the vault stays open for so long, also as it is open now. */
  changePeriods(before: LockPeriods, after: LockPeriods): Promise<void> {
    return this.#alone(async () => {
      const cached = await this.#checked()
      if (!cached) return
      const lockAt = cached.lockAt - before.absoluteMs + after.absoluteMs
      const extended = extendDeadlines({ ...cached, lockAt }, this.#ports.clock(), after)
      // Another object: the cache must not take it for the use before.
      const rootKeys = cached.rootKeys.map((each) => ({ ...each }))
      await this.#ports.cache.write({ rootKeys, ...extended })
    })
  }

  /**
   * The person proves once more that they know the passphrase, for what an unlocked vault alone does not
   * give away: showing a key, an export. Kept in the worker only: with its death it is forgotten.
   * @throws `vault.locked`, `vault.unlock_failed`, `vault.corrupt`, `vault.newer`
   */
  async reauthenticate(passphrase: string): Promise<void> {
    await this.required()
    const vault = await this.#tryPassphrase(passphrase)
    vault.wipe()
    await this.#alone(async () => {
      if (!(await this.#checked())) throw new WalletError('vault.locked')
      this.#reauthenticatedAt = this.#ports.clock()
    })
  }

  /** Whether the passphrase was entered again within the last minute. */
  isReauthenticated(): boolean {
    if (this.#reauthenticatedAt === null) return false
    const ageMs = this.#ports.clock() - this.#reauthenticatedAt
    return ageMs >= 0 && ageMs <= REAUTHENTICATED_MS
  }

  lock(): Promise<void> {
    return this.#alone(() => this.#lock())
  }

  /** The open vault, or null while locked. The deadlines are checked before every use. */
  open(): Promise<OpenVault | null> {
    return this.#alone(async () => {
      const cached = await this.#checked()
      if (!cached) return null
      const { rootKeys, ...deadlines } = cached
      const periods = await this.#ports.periods()
      const extended = extendDeadlines(deadlines, this.#ports.clock(), periods)
      await this.#ports.cache.write({ rootKeys, ...extended })
      return this.#reopen(cached)
    })
  }

  /** The same for our own chores: it is no use by the person, and postpones no lock. */
  openForChore(): Promise<OpenVault | null> {
    return this.#alone(async () => {
      const cached = await this.#checked()
      return cached && this.#reopen(cached)
    })
  }

  /** Locks if a deadline passed or the clock was set back; not a use of the vault. */
  lockIfDue(): Promise<void> {
    return this.#alone(async () => {
      await this.#checked()
    })
  }

  /** @throws `vault.locked` */
  async required(): Promise<OpenVault> {
    const vault = await this.open()
    if (!vault) throw new WalletError('vault.locked')
    return vault
  }

  #tryPassphrase(passphrase: string): Promise<OpenVault> {
    return this.#ports.attempts.run(() => unlockVault(this.#ports.vault, passphrase))
  }

  /** Null, and locked, for root keys of an epoch that is over: the worker died before it cached the new ones. */
  async #reopen(cached: Unlocked): Promise<OpenVault | null> {
    try {
      this.#open ??= await reopenVault(this.#ports.vault, cached.rootKeys)
    } catch (error) {
      if (!isWalletError(error, 'vault.locked')) throw error
      await this.#lock()
    }
    return this.#open
  }

  /** What the session cache holds, if it may still be used; locks otherwise. */
  async #checked(): Promise<Unlocked | null> {
    const cached = await this.#ports.cache.read()
    if (cached !== null && !isLockDue(cached, this.#ports.clock())) return cached
    await this.#lock()
    return null
  }

  async #lock(): Promise<void> {
    const wasOpen = this.#open !== null || (await this.#ports.cache.read()) !== null
    this.#open?.wipe()
    this.#open = null
    this.#reauthenticatedAt = null
    await this.#ports.cache.clear()
    if (wasOpen) this.#ports.onLock()
  }

  async #remember(vault: OpenVault): Promise<void> {
    const deadlines = startDeadlines(this.#ports.clock(), await this.#ports.periods())
    await this.#ports.cache.write({ rootKeys: vault.exportRootKeys(), ...deadlines })
    this.#open = vault
  }
}
