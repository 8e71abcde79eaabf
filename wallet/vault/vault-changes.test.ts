import { describe, it } from 'vitest'
import {
  VAULT_CHANGE_CASES,
  createMemoryVaultStore,
  type VaultStoreSubject,
} from '../testing/index.ts'

function memorySubject(): VaultStoreSubject {
  const store = createMemoryVaultStore()
  return { store, failAtWrite: store.failAtWrite, reopen: () => store }
}

describe.each(VAULT_CHANGE_CASES)('after $title', ({ onFullDisk, onDeath }) => {
  it('a vault is as it was, whichever write finds no room (C86)', () => onFullDisk(memorySubject()))

  it('a vault is the old or the new one, wherever the process dies (C87)', () =>
    onDeath(memorySubject()))
})
