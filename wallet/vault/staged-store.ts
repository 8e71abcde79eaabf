import { isWrap, type StoredRow, type VaultHeader, type VaultStore } from './store.ts'

/**
 * A vault in memory that its first commit writes into an empty store, whole; from then on it is that store.
 * So what is done to a vault before it is first stored is done by the same code as later, and in one commit.
 */
export function createStagedStore(
  store: VaultStore,
  header: VaultHeader,
  rows: readonly StoredRow[],
): VaultStore {
  const staged = new Map<string, StoredRow>(rows.map((row) => [row.recordId, row]))
  let written = false
  return {
    readHeader: () => (written ? store.readHeader() : Promise.resolve(header)),
    readRow: (recordId) =>
      written ? store.readRow(recordId) : Promise.resolve(staged.get(recordId)),
    readRows: () => (written ? store.readRows() : Promise.resolve([...staged.values()])),
    readAll: () =>
      written ? store.readAll() : Promise.resolve({ header, rows: [...staged.values()] }),
    readWraps: () =>
      written
        ? store.readWraps()
        : Promise.resolve({ header, rows: [...staged.values()].filter(isWrap) }),
    commit: async (change) => {
      if (written) return store.commit(change)
      const next = new Map(staged)
      for (const row of change.rows) next.set(row.recordId, row)
      const all = [...next.values()]
      const expected = new Map(all.map(({ recordId }) => [recordId, 0]))
      await store.commit({ header: change.header ?? header, rows: all, expected, epoch: null })
      written = true
    },
  }
}
