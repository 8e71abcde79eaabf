/** What the sync client needs of the vault, of its own memory and of the server. */
import type {
  Clock,
  DeviceId,
  DevicesDocument,
  EpochKey,
  GrantId,
  HeadsReply,
  LimitAsk,
  LimitName,
  LimitParts,
  PullReply,
  PushRequest,
  RecordFields,
  RecordId,
  SignedHeadText,
  VaultId,
} from '../protocol/index.ts'
import type { Allocations, NextEpoch, VaultChange } from '../vault/index.ts'

/** A row as the vault stores it (formats §3). Wraps alone have `method` and `params`. */
export interface SharedRow {
  readonly recordId: RecordId
  readonly rev: number
  readonly prev: Uint8Array<ArrayBuffer>
  readonly del: 0 | 1
  readonly writerDeviceId: DeviceId
  readonly envelope: Uint8Array<ArrayBuffer>
  readonly method?: 'passphrase' | 'recovery' | 'passkey' | 'epoch' | undefined
  readonly params?: string | undefined
}

/** A row as the last head this device believed has it: all the tree looks at, and no content. */
export interface SyncedRow {
  readonly recordId: RecordId
  readonly rev: number
  readonly prev: Uint8Array
  readonly del: 0 | 1
  readonly writerDeviceId: DeviceId
  readonly envelopeHash: Uint8Array
  /** The seq of the push that brought it. */
  readonly seq: number
}

/** A push that was made and may have arrived: it is sent again byte for byte, or known to be refused. */
export interface Outbox {
  readonly push: PushRequest
  /** What its head makes of the rows it carries. */
  readonly rows: readonly SyncedRow[]
}

/** What a device remembers between two syncs, beside its rows. */
export interface SyncState {
  /** The newest head it believed; null before its vault's first. */
  readonly head: SignedHeadText | null
  readonly devices: DevicesDocument
  /** The identity key it trusts: base64url. */
  readonly identity: string
  /** Where the next pull goes on; null: everything is pulled. */
  readonly cursor: string | null
  /** The floor of the last head. */
  readonly floor: number
  readonly outbox: Outbox | null
  /**
   * How much of what limits this device may use up until the next sync: never more than the newest head has of
   * it. A limit that is not named is its maker's. Absent before the first sync that shared anything out.
   */
  readonly parts?: LimitParts | undefined
}

/** A change of the vault and of what was synced of it: all of it is written, or nothing. */
export interface SyncChange extends VaultChange {
  readonly state: SyncState
  readonly synced: {
    readonly put: readonly SyncedRow[]
    readonly remove: readonly RecordId[]
  }
}

export interface SyncMemory {
  readonly state: SyncState
  readonly synced: readonly SyncedRow[]
}

/** The open vault, as far as it is shared. @throws `vault.locked` once it is locked, at every call */
export interface SyncVault {
  readonly vaultId: VaultId
  readonly deviceId: DeviceId
  /** Every row but this device's own keys, as they are now. */
  rows(): Promise<readonly SharedRow[]>
  /**
   * What a record becomes that was changed here and elsewhere; null: what came, as it is.
   * @throws `vault.newer` for a row of a newer ValetKey, which nothing older may overwrite
   */
  merge(ours: SharedRow, theirs: SharedRow): SharedRow | null
  /** A tombstone of this device over a row that all others have lost. */
  bury(ours: SharedRow): SharedRow
  /** A row of an earlier epoch in this one; null: it is of this one, or cannot be read. */
  reseal(row: SharedRow): SharedRow | null
  /**
   * What the vault becomes in an epoch that was opened elsewhere.
   * @param keys the epoch's root key, sealed for each device that stayed
   * @param came the rows that came with it
   * @throws `auth.forbidden` with the reason `removed` where nothing is sealed for this device
   */
  prepareEpoch(
    epoch: number,
    keys: readonly EpochKey[],
    came: readonly SharedRow[],
  ): Promise<NextEpoch>
  readonly epoch: number
  readonly minSuite: number
  /** What is whose of the limits of grants. */
  readAllocations(): Promise<Allocations>
  /** This device's own allocation, over the row it replaces. */
  sealAllocation(row: SharedRow | null, fields: RecordFields<'allocation'>): SharedRow
}

/** Where calls are held to their limits, as far as sync shares those out (C67). */
export interface LimitsPort {
  /** Used up and held on this device in the running period of a limit. */
  used(grantId: GrantId, limit: LimitName): Promise<number>
  /** From now on no call goes beyond these. Resolves once each that was being held by others is counted. */
  lower(parts: LimitParts): Promise<void>
  /** These are in force now. */
  note(parts: LimitParts): void
  /** What calls have found no room for since this was asked last. */
  takeAsks(): readonly LimitAsk[]
  readonly now: Clock
}

/** Where rows and what was synced of them lie: one store, one transaction. */
export interface SyncStore {
  /** @throws `vault.corrupt` */
  read(): Promise<SyncMemory>
  /** @throws `sync.conflict`, `vault.quota` */
  commit(change: SyncChange): Promise<void>
}

/** The server. Every call may be lost on its way, there or back: then it throws `provider.network`. */
export interface SyncServer {
  /** @throws `sync.resync_required` for a cursor below the floor, or of another life of the server */
  pull(cursor: string | null, ack: number): Promise<PullReply>
  /** The signed heads of these seqs, oldest first; as many as the server gives at once. */
  heads(from: number, to: number): Promise<HeadsReply>
  /** Accepted, or accepted before. @throws `sync.conflict` where its base is not the head any more */
  push(push: PushRequest): Promise<{ readonly seq: number }>
}
