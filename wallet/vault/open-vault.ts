import { checkedRandom, nextHlc } from '../crypto/index.ts'
import {
  WalletError,
  createId,
  isWalletError,
  type AccountId,
  type Clock,
  type DeviceId,
  type GrantId,
  type KeyId,
  type ProviderId,
  type ProviderKey,
  type RecordContent,
  type RecordFields,
  type RecordId,
  type RecordKind,
  type VaultId,
} from '../protocol/index.ts'
import type { VaultPorts } from './ports.ts'
import { changeContent, createContent, fieldsOf, parseContent, sealable } from './record-content.ts'
import type { ExportedRootKey, RootKeys } from './root-keys.ts'
import { openRow, parseRow, sealFirstRow, sealNextRow, type SealingContext } from './sealed-row.ts'
import type { StoredRow, VaultChange, VaultHeader, VaultStore } from './store.ts'

/** A provider key opened for one call. */
export interface OpenedProviderKey {
  readonly secret: ProviderKey
  readonly provider: ProviderId
  readonly baseUrl: string | null
  /** Put away by the person: no grant may use it. */
  readonly archived: boolean
}

/** The id of a record, by its kind. */
export type RecordIdOf<K extends RecordKind> = K extends 'key'
  ? KeyId
  : K extends 'grant'
    ? GrantId
    : RecordId

export interface ListedRecord<K extends RecordKind> {
  readonly id: RecordIdOf<K>
  readonly fields: RecordFields<K>
}

/** What a list could and could not read. One damaged row never hides the others. */
export interface RecordList<K extends RecordKind> {
  readonly records: readonly ListedRecord<K>[]
  /** Record ids whose kind nobody can tell any more, `''` where even the id is gone. */
  readonly damaged: readonly string[]
}

type RecordPorts = Pick<VaultPorts, 'store' | 'clock' | 'random'>

/**
 * An unlocked vault. It holds the keys, so that a call costs no KDF; after {@link OpenVault.wipe} every
 * use is `vault.locked`. Failures of the store pass through: `vault.quota`, `vault.corrupt`, `vault.newer`.
 */
export class OpenVault {
  readonly vaultId: VaultId
  readonly accountId: AccountId
  readonly deviceId: DeviceId
  readonly #store: VaultStore
  readonly #clock: Clock
  readonly #context: SealingContext
  #latestHlc = ''

  constructor(ports: RecordPorts, header: VaultHeader, keys: RootKeys) {
    const { vaultId, accountId, deviceId, epoch } = header
    this.vaultId = vaultId
    this.accountId = accountId
    this.deviceId = deviceId
    this.#store = ports.store
    this.#clock = ports.clock
    this.#context = { vaultId, deviceId, epoch, keys, random: checkedRandom(ports.random) }
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
    const rows = all.map((fields) => {
      const content = createContent(kind, fields, this.#stamp([]))
      return sealFirstRow(this.#context, createId(this.#context.random), sealable(content))
    })
    await this.#commit(rows, new Map(rows.map(({ recordId }) => [recordId, 0])))
    // An id is named after what it names; the bytes are the same.
    return rows.map(({ recordId }) => recordId as RecordIdOf<K>)
  }

  /**
   * The fields of a record; null where none of this kind has the id (any more).
   * @throws `vault.corrupt`, `vault.newer` if it is there and cannot be read
   */
  async readRecord<K extends RecordKind>(
    kind: K,
    id: RecordIdOf<K>,
  ): Promise<RecordFields<K> | null> {
    const found = await this.#find(kind, id)
    return found && fieldsOf(kind, found.content)
  }

  /** Every record of a kind, and which rows could not be read. Nothing is repaired or overwritten. */
  async listRecords<K extends RecordKind>(kind: K): Promise<RecordList<K>> {
    const records: ListedRecord<K>[] = []
    const damaged: string[] = []
    for (const stored of await this.#store.readRows()) {
      try {
        const row = parseRow(stored)
        if (!this.#isRecordRow(row)) continue
        const content = this.#contentOf(row)
        if (content?.kind !== kind) continue
        records.push({ id: row.recordId as RecordIdOf<K>, fields: fieldsOf(kind, content) })
      } catch (error) {
        if (!isUnreadable(error)) throw error
        damaged.push(idIn(stored))
      }
    }
    return { records, damaged }
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
    return retryOnce(async () => {
      const rows: StoredRow[] = []
      const expected = new Map<RecordId, number>()
      const changed = new Map<RecordIdOf<K>, RecordFields<K>>()
      for (const [id, change] of changes) {
        const found = await this.#find(kind, id)
        if (found === null) throw new WalletError('request.not_found')
        const stamp = this.#stamp(Object.values(found.content.fields).map(([, hlc]) => hlc))
        const content = changeContent(kind, found.content, change, stamp)
        rows.push(sealNextRow(this.#context, found.row, sealable(content), 0))
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
    await retryOnce(async () => {
      const row = await this.#readRow(id)
      if (row === null || !this.#isRemovable(row)) throw new WalletError('request.not_found')
      if (row.del === 1) return
      const tombstone = sealNextRow(this.#context, row, {}, 1)
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
    const { secret, provider, baseUrl, archived } = fields
    return { secret: secret as ProviderKey, provider, baseUrl, archived }
  }

  /** For the session cache, which lives in memory: a woken worker reopens the vault with it. */
  exportRootKeys(): ExportedRootKey[] {
    return this.#context.keys.export()
  }

  /** Locks: zeroes the keys. Strings handed out before cannot be taken back. */
  wipe(): void {
    this.#context.keys.wipe()
  }

  async #find(
    kind: RecordKind,
    id: RecordId | KeyId | GrantId,
  ): Promise<{ row: StoredRow; content: RecordContent } | null> {
    const row = await this.#readRow(id)
    if (row === null || !this.#isRecordRow(row)) return null
    const content = this.#contentOf(row)
    return content?.kind === kind ? { row, content } : null
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

  /** Null for a tombstone, which is opened all the same: only a sealed one counts (C80). */
  #contentOf(row: StoredRow): RecordContent | null {
    const opened = openRow(this.#context, row)
    if (row.del === 0) return parseContent(opened)
    if (Object.keys(opened).length > 0) throw new WalletError('vault.corrupt')
    return null
  }

  /** Wraps and the device's own keys are rows, not records. */
  #isRecordRow(row: StoredRow): boolean {
    return row.method === undefined && (row.recordId as string) !== this.deviceId
  }

  /** A vault without its identity could never certify a device again. */
  #isRemovable(row: StoredRow): boolean {
    if (!this.#isRecordRow(row)) return false
    try {
      return this.#contentOf(row)?.kind !== 'identity'
    } catch (error) {
      if (isUnreadable(error)) return true
      throw error
    }
  }

  #stamp(seen: readonly string[]): { hlc: string; deviceId: DeviceId } {
    this.#latestHlc = nextHlc(this.#clock(), [this.#latestHlc, ...seen])
    return { hlc: this.#latestHlc, deviceId: this.deviceId }
  }

  #assertOpen(): void {
    this.#context.keys.recordKey(this.#context.epoch)
  }
}

async function retryOnce<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (!isWalletError(error, 'sync.conflict')) throw error
    return step()
  }
}

function isUnreadable(error: unknown): boolean {
  return isWalletError(error, 'vault.corrupt') || isWalletError(error, 'vault.newer')
}

function idIn(stored: unknown): string {
  const id: unknown =
    typeof stored === 'object' && stored !== null ? Reflect.get(stored, 'recordId') : undefined
  return typeof id === 'string' ? id : ''
}
