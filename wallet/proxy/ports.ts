import type {
  Clock,
  ErrorCode,
  ErrorDetails,
  Grant,
  GrantId,
  KeyId,
  KeyTest,
  ProviderId,
  Random,
} from '../protocol/index.ts'
import type { Ledger, RateLimits } from '../metering/index.ts'
import type { Caller, IndexedSite, OpenedKey, Question } from './call.ts'
import type { Forward } from './forward.ts'

/** The opened vault, as far as a call needs it. */
export interface CallVault {
  /** The grant record as it is now, or null when it is gone. */
  readGrant(id: GrantId): Promise<Grant | null>
  /** @throws `request.not_found` when the key is gone, `vault.corrupt` or `vault.newer` when it cannot be read */
  openKey(id: KeyId): Promise<OpenedKey>
}

/** Remembers the key of a pool that served last. Forgetting costs one refused send, nothing else. */
export interface KeyTurns {
  read(grantId: GrantId, provider: ProviderId): Promise<KeyId | null>
  write(grantId: GrantId, provider: ProviderId, keyId: KeyId): void
}

/** What a call needs of its surroundings; the composition root hands it over. */
export interface ProxyPorts {
  readonly clock: Clock
  readonly random: Random
  readonly ledger: Ledger
  readonly rateLimits: RateLimits
  readonly forward: Forward
  /**
   * The exact lookup that is the only authority of a credential: this caller and its SHA-256 (base64url).
   * Readable while locked.
   */
  findSite(caller: Caller, credentialHash: string): Promise<IndexedSite | null>
  /** Null while the vault is locked. Checks the lock deadlines before every use. */
  openVault(): Promise<CallVault | null>
  /** Whether the person paused everything. */
  isPaused(): Promise<boolean>
  /** Asks the person; resolves when they answered, the question timed out, or the call was aborted. */
  ask(question: Question): Promise<'allow' | 'deny' | 'timeout'>
  /** Whether the browser lets us reach this origin of the person's own. */
  mayReach(origin: string): Promise<boolean>
  /** Something was refused: the popup says so. */
  noteRefusal(caller: Caller, code: ErrorCode, details?: ErrorDetails): void
  /** A valet key travels to a host that is not its provider's: the app sends keys to its server. */
  noteForeignHost(caller: Caller, host: string): void
  /** Which key of a pool a grant uses now: it stays with the one that worked. */
  readonly keyTurns: KeyTurns
  /** A provider did not take a key; `meaning` null: nothing about the key itself. */
  noteKeyRefused(keyId: KeyId, meaning: KeyTest['outcome'] | null): void
  /** A call was sent with this provider's key: the badge blinks. */
  noteCall(caller: Caller, provider: ProviderId): void
}
