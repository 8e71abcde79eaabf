import { readVaultState, type VaultState } from './header.ts'
import { isUnreadable, rowOrNull } from './read-vault.ts'
import type { VaultStore } from './store.ts'
import { liveWraps } from './wrap-row.ts'

/** What of a vault is there, seen from outside: no key, nothing opened, nothing written (C85). */
export interface VaultExamination {
  readonly state: VaultState
  /** Sealed rows, whole or not; null: their table cannot be read. */
  readonly rowCount: number | null
  /** Whether there is a wrap that the passphrase could open. */
  readonly hasPassphrase: boolean
  readonly hasRecoveryKey: boolean
}

/** Looks at a vault that may be damaged. What cannot be read is told, not thrown. */
export async function examineVault(store: VaultStore): Promise<VaultExamination> {
  const state = await readVaultState(store)
  const stored = await readableRows(store)
  const rows = (stored ?? []).map(rowOrNull).filter((row) => row !== null)
  return {
    state,
    rowCount: stored?.length ?? null,
    hasPassphrase: liveWraps(rows, 'passphrase').length > 0,
    hasRecoveryKey: liveWraps(rows, 'recovery').length > 0,
  }
}

async function readableRows(store: VaultStore): Promise<readonly unknown[] | null> {
  try {
    return await store.readRows()
  } catch (error) {
    if (isUnreadable(error)) return null
    throw error
  }
}
