import type {
  Clock,
  ErrorCode,
  Grant,
  GrantId,
  KeyId,
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
  /** @throws `request.not_found` when the key is gone, `vault.corrupt` when it cannot be read */
  openKey(id: KeyId): Promise<OpenedKey>
}

/** What a call needs of its surroundings; the composition root hands it over. */
export interface ProxyPorts {
  readonly clock: Clock
  readonly random: Random
  readonly ledger: Ledger
  readonly rateLimits: RateLimits
  readonly forward: Forward
  /**
   * The exact lookup that is the only authority of a valet key: this caller and this key's SHA-256
   * (base64url). Readable while locked.
   */
  findSite(caller: Caller, valetKeyHash: string): Promise<IndexedSite | null>
  /** Null while the vault is locked. Checks the lock deadlines before every use. */
  openVault(): Promise<CallVault | null>
  /** Whether the person paused everything. */
  isPaused(): Promise<boolean>
  /** Asks the person; resolves when they answered, the question timed out, or the call was aborted. */
  ask(question: Question): Promise<'allow' | 'deny' | 'timeout'>
  /** Something was refused: the popup says so. */
  noteRefusal(caller: Caller, code: ErrorCode): void
  /** A valet key travels to a host that is not its provider's: the app sends keys to its server. */
  noteForeignHost(caller: Caller, host: string): void
  /** A call was sent with this provider's key: the badge blinks. */
  noteCall(caller: Caller, provider: ProviderId): void
}
