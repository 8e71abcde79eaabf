import { WalletError } from '../protocol/index.ts'
import {
  isWrap,
  storedEpoch,
  type StoredRow,
  type VaultChange,
  type VaultStore,
} from '../vault/index.ts'

/** What a memory store holds, open to tests that damage it. */
export interface MemoryVaultContents {
  header: unknown
  readonly rows: Map<string, unknown>
}

export interface MemoryVaultStore extends VaultStore {
  readonly contents: MemoryVaultContents
  /** From now on the `count`th single write of a commit finds no room (1: the first). 0: never again. */
  readonly failAtWrite: (count: number) => void
}

/** A vault store that forgets everything with its process. Values are copied both ways, as in a database. */
export function createMemoryVaultStore(): MemoryVaultStore {
  const contents: MemoryVaultContents = { header: undefined, rows: new Map() }
  let failingWrite = 0
  return {
    contents,
    failAtWrite: (count) => {
      failingWrite = count
    },
    readHeader: () => Promise.resolve(structuredClone(contents.header)),
    readRow: (recordId) => Promise.resolve(structuredClone(contents.rows.get(recordId))),
    readRows: () => Promise.resolve([...contents.rows.values()].map((row) => structuredClone(row))),
    readAll: () =>
      Promise.resolve({
        header: structuredClone(contents.header),
        rows: [...contents.rows.values()].map((row) => structuredClone(row)),
      }),
    readWraps: () =>
      Promise.resolve({
        header: structuredClone(contents.header),
        rows: [...contents.rows.values()].filter(isWrap).map((row) => structuredClone(row)),
      }),
    commit: (change) =>
      settle(() => {
        assertExpected(contents, change)
        const rows = structuredClone(change.rows)
        const header = structuredClone(change.header)
        const writes = rows.length + (header === undefined ? 0 : 1)
        if (failingWrite > 0 && failingWrite <= writes) throw new WalletError('vault.quota')
        if (header !== undefined) contents.header = header
        for (const row of rows) contents.rows.set(row.recordId, row)
      }),
  }
}

function assertExpected({ header, rows }: MemoryVaultContents, change: VaultChange): void {
  const renewed = storedEpoch(header) !== change.epoch
  const grown = change.rowCount !== undefined && rows.size !== change.rowCount
  const overtaken = [...change.expected].some(([id, rev]) => revOf(rows.get(id)) !== rev)
  if (renewed || grown || overtaken) throw new WalletError('sync.conflict')
}

function revOf(stored: unknown): number | undefined {
  return stored === undefined ? 0 : (stored as Partial<StoredRow>).rev
}

/** A commit that throws must reject, as a database's does. */
function settle(step: () => void): Promise<void> {
  return new Promise((resolve) => {
    step()
    resolve()
  })
}
