import { isWalletError } from '../protocol/index.ts'
import { presentHeader } from './header.ts'
import { parseRow } from './sealed-row.ts'
import type { StoredRow, VaultHeader, VaultStore } from './store.ts'

/** A vault as it was at one moment. */
export interface ReadVault {
  readonly header: VaultHeader
  /** The rows that are rows. One that cannot be parsed is passed over: it hides no other (C85). */
  readonly rows: readonly StoredRow[]
  /** With those that cannot be parsed. */
  readonly rowCount: number
}

/** @throws `request.not_found` where no vault is; `vault.corrupt`, `vault.newer` for the header */
export async function readVault(store: VaultStore): Promise<ReadVault> {
  const { header, rows } = await store.readAll()
  const parsed = rows.map(rowOrNull).filter((row) => row !== null)
  return { header: presentHeader(header), rows: parsed, rowCount: rows.length }
}

/** The header, and the wraps alone: what an unlock needs of a vault, however many records it holds. */
export async function readWraps(store: VaultStore): Promise<Omit<ReadVault, 'rowCount'>> {
  const { header, rows } = await store.readWraps()
  return { header: presentHeader(header), rows: rows.map(rowOrNull).filter((row) => row !== null) }
}

/** A row, or null for what is none. */
export function rowOrNull(stored: unknown): StoredRow | null {
  return readable(() => parseRow(stored))
}

/** What was read, or null if it is damaged or a later version's. */
export function readable<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (isUnreadable(error)) return null
    throw error
  }
}

export function isUnreadable(error: unknown): boolean {
  return isWalletError(error, 'vault.corrupt') || isWalletError(error, 'vault.newer')
}
