import { checkedRandom, nextHlc, type EpochSecrets } from '../crypto/index.ts'
import {
  WalletError,
  createId,
  type AccountId,
  type Clock,
  type DeviceId,
  type GrantId,
  type KeyId,
  type RecordContent,
  type RecordFields,
  type RecordId,
  type RecordKind,
  type VaultId,
} from '../protocol/index.ts'
import { makerOf, readAllocations, sealAllocation, type Allocations } from './allocations.ts'
import { sealBackup, type CreatedBackup } from './create-backup.ts'
import { withPast } from './kept-secrets.ts'
import { assertSameVault, mergeRecords, type MergeOutcome } from './merge-records.ts'
import { prepareEpoch, resealed, type NextEpoch } from './next-epoch.ts'
import type { OpenedBackup } from './open-backup.ts'
import { openedKey, type OpenedProviderKey } from './opened-key.ts'
import { parseDeviceSecret, type DeviceKeys } from './own-keys.ts'
import type { VaultPorts } from './ports.ts'
import { inEpoch } from './in-epoch.ts'
import { changeContent, createContent, fieldsOf, sealable } from './record-content.ts'
import {
  isRecordRow,
  isRemovable,
  listKeyFacts,
  listRows,
  openRecordRow,
  readGrantRow,
  type KeyList,
  type RecordIdOf,
  type RecordList,
} from './record-row.ts'
import { createRowMemory, type GrantTerms } from './row-memory.ts'
import type { ExportedRootKey, RootKeys } from './root-keys.ts'
import {
  openRow,
  parseRow,
  sealFirstRow,
  sealNextRow,
  sealTombstone,
  type SealingContext,
} from './sealed-row.ts'
import { mergeRows, sharedRows } from './shared-rows.ts'
import {
  storedEpoch,
  type StoredRow,
  type VaultChange,
  type VaultHeader,
  type VaultStore,
} from './store.ts'

type RecordPorts = Pick<VaultPorts, 'store' | 'clock' | 'random'>

/**
 * An unlocked vault. It holds the keys, so that a call costs no KDF; after {@link OpenVault.wipe} every
 * use is `vault.locked`. Failures of the store pass through: `vault.quota`, `vault.corrupt`, `vault.newer`.
 */
export class OpenVault {
  readonly vaultId: VaultId
  readonly accountId: AccountId
  readonly #store: VaultStore
  readonly #clock: Clock
  readonly #memory = createRowMemory()
  #context: SealingContext
  #latestHlc = ''
  #lists: Promise<unknown> = Promise.resolve()

  constructor(ports: RecordPorts, header: VaultHeader, keys: RootKeys) {
    const { vaultId, accountId, deviceId, epoch } = header
    this.vaultId = vaultId
    this.accountId = accountId
    this.#store = ports.store
    this.#clock = ports.clock
    this.#context = { vaultId, deviceId, epoch, keys, random: checkedRandom(ports.random) }
  }

  /** Another one after a recovery. */
  get deviceId(): DeviceId {
    return this.#context.deviceId
  }

  /**
   * Adds a record.
   * @throws `request.unprocessable` for fields that are not those of the kind
   */
  async createRecord<K extends RecordKind>(
    kind: K,
    fields: RecordFields<K>,
  ): Promise<RecordIdOf<K>> {
    const [id] = await this.createRecords(kind, [fields])
    if (id === undefined) throw new WalletError('internal')
    return id
  }

  /**
   * Adds several records of a kind in one commit: all of them, or none. Their ids, in the same order.
   * @throws as {@link OpenVault.createRecord} does, before anything is written
   */
  async createRecords<K extends RecordKind>(
    kind: K,
    all: readonly RecordFields<K>[],
  ): Promise<readonly RecordIdOf<K>[]> {
    return this.#inEpoch(async () => {
      const rows = all.map((fields) => {
        const content = createContent(kind, fields, this.#stamp([]))
        return sealFirstRow(this.#context, createId(this.#context.random), sealable(content))
      })
      await this.#commit(rows, new Map(rows.map(({ recordId }) => [recordId, 0])))
      // An id is named after what it names; the bytes are the same.
      return rows.map(({ recordId }) => recordId as RecordIdOf<K>)
    })
  }

  /**
   * The fields of a record; null where none of this kind has the id (any more).
   * @throws `vault.corrupt`, `vault.newer` if it is there and cannot be read
   */
  async readRecord<K extends RecordKind>(
    kind: K,
    id: RecordIdOf<K>,
  ): Promise<RecordFields<K> | null> {
    const found = await this.#inEpoch(() => this.#find(kind, id))
    return found && fieldsOf(kind, found.content)
  }

  /** A grant as a call needs it, without the keys of its relay; one that did not change is not opened again. */
  async readGrant(id: GrantId): Promise<GrantTerms | null> {
    return this.#inEpoch(async () => {
      const row = await this.#readRow(id)
      if (row === null || !isRecordRow(this.#context, row)) return null
      return readGrantRow(this.#context, row, this.#memory)
    })
  }

  /** Every record of a kind, and which rows could not be read. Nothing is repaired or overwritten. */
  async listRecords<K extends RecordKind>(kind: K): Promise<RecordList<K>> {
    return this.#inTurn(async () =>
      listRows(this.#context, kind, { rows: await this.#readRows(), memory: this.#memory }),
    )
  }

  /** Every provider key without its secret: what was opened before is remembered while the vault is open. */
  async listKeys(): Promise<KeyList> {
    return this.#inTurn(async () =>
      listKeyFacts(this.#context, { rows: await this.#readRows(), memory: this.#memory }),
    )
  }

  /**
   * Changes the named fields of a record and gives back all of them. If another writer was faster, it is
   * tried once more on what that one wrote.
   * @throws `request.not_found`, `request.unprocessable`, `sync.conflict`
   */
  async updateRecord<K extends RecordKind>(
    kind: K,
    id: RecordIdOf<K>,
    changes: Partial<RecordFields<K>>,
  ): Promise<RecordFields<K>> {
    const changed = await this.updateRecords(kind, new Map([[id, changes]]))
    const [fields] = changed.values()
    if (!fields) throw new WalletError('request.not_found')
    return fields
  }

  /**
   * Changes several records of a kind in one commit: all of them, or none.
   * @throws as {@link OpenVault.updateRecord} does
   */
  async updateRecords<K extends RecordKind>(
    kind: K,
    changes: ReadonlyMap<RecordIdOf<K>, Partial<RecordFields<K>>>,
  ): Promise<ReadonlyMap<RecordIdOf<K>, RecordFields<K>>> {
    return this.#inEpoch(async () => {
      const rows: StoredRow[] = []
      const expected = new Map<RecordId, number>()
      const changed = new Map<RecordIdOf<K>, RecordFields<K>>()
      for (const [id, given] of changes) {
        const found = await this.#find(kind, id)
        if (found === null) throw new WalletError('request.not_found')
        const stamp = this.#stamp(Object.values(found.content.fields).map(([, hlc]) => hlc))
        const change = withPast(found.content, given, this.#clock())
        const content = changeContent(kind, found.content, change, stamp)
        rows.push(sealNextRow(this.#context, found.row, { content: sealable(content) }))
        expected.set(found.row.recordId, found.row.rev)
        changed.set(id, fieldsOf(kind, content))
      }
      await this.#commit(rows, expected)
      return changed
    })
  }

  /**
   * Leaves a tombstone in place of a record, also of a damaged one. Gone already is no error.
   * @throws `request.not_found` for an id that is no record's, `sync.conflict`
   */
  async removeRecord(id: RecordIdOf<RecordKind>): Promise<void> {
    await this.#inEpoch(async () => {
      const row = await this.#readRow(id)
      if (row === null || !isRemovable(this.#context, row))
        throw new WalletError('request.not_found')
      if (row.del === 1) return
      const tombstone = sealTombstone(this.#context, row)
      await this.#commit([tombstone], new Map([[row.recordId, row.rev]]))
    })
  }

  /**
   * Opens a provider key for one call. The string cannot be zeroed afterwards: let go of it.
   * @throws `request.not_found`, `vault.corrupt`
   */
  async openProviderKey(id: KeyId): Promise<OpenedProviderKey> {
    const fields = await this.readRecord('key', id)
    if (fields === null) throw new WalletError('request.not_found')
    return openedKey(fields)
  }

  /**
   * A backup of every readable record. Whoever asks for it proves first that the passphrase is known.
   * @throws `vault.corrupt` where no wrap is left that could open one; `request.too_large`
   */
  async createBackup(): Promise<CreatedBackup> {
    return this.#inEpoch(async () => {
      const rows = await this.#readRows()
      return sealBackup(this.#context, rows, this.#clock())
    })
  }

  /**
   * Takes over what a backup of this vault knows and this vault does not, in one commit: all of it, or none.
   * @throws `request.unprocessable` for a backup of another vault; `sync.conflict`
   */
  async mergeBackup(backup: OpenedBackup): Promise<MergeOutcome> {
    assertSameVault(this.#context, backup)
    return this.#inEpoch(async () => {
      const present = await this.#readRows()
      const { rows, expected, outcome } = mergeRecords(this.#context, present, backup.records)
      await this.#commit(rows, expected)
      return outcome
    })
  }

  /**
   * What {@link OpenVault.mergeBackup} would do now. Writes nothing.
   * @throws `request.unprocessable` for a backup of another vault
   */
  async previewMerge(backup: OpenedBackup): Promise<MergeOutcome> {
    assertSameVault(this.#context, backup)
    return this.#inEpoch(async () => {
      return mergeRecords(this.#context, await this.#readRows(), backup.records).outcome
    })
  }

  /**
   * What sync works on: the rows every device has, and how two states of one become one.
   * @throws `vault.locked` at every use once this vault is wiped
   */
  async readShared(): Promise<readonly StoredRow[]> {
    const rows = await this.#readRows()
    return sharedRows(this.#context, rows.map(parseRow))
  }

  /** @throws `vault.newer`: see {@link mergeRows} */
  readonly mergeShared = (ours: StoredRow, theirs: StoredRow) =>
    mergeRows(this.#context, ours, theirs, this.#clock())

  /** A tombstone over a row that every other device has lost. */
  readonly bury = (row: StoredRow): StoredRow => sealTombstone(this.#context, row)

  /** See {@link readAllocations}. */
  async readAllocations(): Promise<Allocations> {
    return this.#inTurn(async () =>
      readAllocations(this.#context, { rows: await this.#readRows(), memory: this.#memory }),
    )
  }

  readonly sealAllocation = (row: StoredRow | null, fields: RecordFields<'allocation'>) =>
    sealAllocation(this.#context, row, fields, this.#stamp([]))

  /** The device that made a grant; null where it is gone. */
  async readMaker(id: GrantId): Promise<DeviceId | null> {
    const found = await this.#inEpoch(() => this.#find('grant', id))
    return found && makerOf(found.content)
  }

  /** See {@link resealed}. */
  readonly reseal = (row: StoredRow): StoredRow | null => resealed(this.#context, row)

  /** See {@link prepareEpoch}. @throws `vault.locked`, `sync.conflict` */
  async prepareEpoch(secrets: EpochSecrets, came: readonly StoredRow[]): Promise<NextEpoch> {
    const stored = { rows: await this.#readRows(), header: await this.#store.readHeader() }
    const before = { ...stored, context: this.#context, clock: this.#clock, vault: this }
    return prepareEpoch(before, secrets, came)
  }

  get epoch(): number {
    return this.#context.epoch
  }

  /** The keys of this device. @throws `vault.corrupt`, `vault.locked` */
  async readDeviceKeys(): Promise<DeviceKeys> {
    return this.#inEpoch(async () => {
      const row = await this.#readRow(this.deviceId)
      if (row?.del !== 0) throw new WalletError('vault.corrupt')
      return parseDeviceSecret(openRow(this.#context, row, 'device'))
    })
  }

  /** For the session cache, which lives in memory: a woken worker reopens the vault with it. */
  exportRootKeys(): ExportedRootKey[] {
    return this.#context.keys.export()
  }

  /**
   * Goes on in the epoch of `header` under its keys, so that whoever holds this vault keeps holding it.
   * A vault locked meanwhile stays locked: the lock wins, and the keys are zeroed.
   */
  adopt(header: VaultHeader, keys: RootKeys): this {
    const { keys: old, random } = this.#context
    const { vaultId, deviceId, epoch } = header
    if (old.isOpen()) this.#context = { vaultId, deviceId, epoch, keys, random }
    else keys.wipe()
    old.wipe()
    // What was known was read with the old keys: a row that comes back from then is judged anew.
    this.#memory.forget()
    return this
  }

  /** Locks: zeroes the keys. Strings handed out before cannot be taken back. */
  wipe(): void {
    this.#context.keys.wipe()
    this.#memory.forget()
  }

  async #find(
    kind: RecordKind,
    id: RecordId | KeyId | GrantId,
  ): Promise<{ row: StoredRow; content: RecordContent } | null> {
    const row = await this.#readRow(id)
    if (row === null || !isRecordRow(this.#context, row)) return null
    const content = openRecordRow(this.#context, row)
    return content?.kind === kind ? { row, content } : null
  }

  /** @throws `sync.conflict` where the vault went on in a new epoch */
  async #readRows(): Promise<readonly unknown[]> {
    this.#assertOpen()
    const { header, rows } = await this.#store.readAll()
    this.#assertOpen()
    const epoch = storedEpoch(header)
    // Of a header that cannot be read nothing follows: what is readable stays so (C85).
    if (epoch !== null && epoch > this.#context.epoch) throw new WalletError('sync.conflict')
    return rows
  }

  async #readRow(id: string): Promise<StoredRow | null> {
    this.#assertOpen()
    const stored = await this.#store.readRow(id)
    this.#assertOpen()
    if (stored === undefined) return null
    const row = parseRow(stored)
    // C78: a store that answers with another row would have it opened in its own place.
    if (row.recordId !== id) throw new WalletError('vault.corrupt')
    return row
  }

  async #commit(rows: readonly StoredRow[], expected: VaultChange['expected']): Promise<void> {
    await this.#store.commit({ rows, expected, epoch: this.#context.epoch })
  }

  #inEpoch<T>(step: () => Promise<T>): Promise<T> {
    return inEpoch(step, () => this.#context.epoch, this.#store)
  }

  /** One list after the other: what the first had to open, the next ones remember. */
  #inTurn<T>(list: () => Promise<T>): Promise<T> {
    const next = this.#lists.then(() => this.#inEpoch(list))
    this.#lists = next.catch(() => undefined)
    return next
  }

  #stamp(seen: readonly string[]): { hlc: string; deviceId: DeviceId } {
    this.#latestHlc = nextHlc(this.#clock(), [this.#latestHlc, ...seen])
    return { hlc: this.#latestHlc, deviceId: this.deviceId }
  }

  #assertOpen(): void {
    this.#context.keys.recordKey(this.#context.epoch)
  }
}
