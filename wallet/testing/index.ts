export { createFakeClock, type FakeClock } from './fake-clock.ts'
export { fastTestKdf } from './fast-kdf.ts'
export {
  LEDGER_STORE_CASES,
  type LedgerStoreCase,
  type LedgerStoreSubject,
} from './ledger-store-contract.ts'
export {
  KNOWN_PASSPHRASE,
  createKnownVault,
  knownGrant,
  knownKey,
  readableIn,
  type KnownVault,
} from './known-vault.ts'
export { createMemoryLedgerStore, type MemoryLedgerStore } from './memory-ledger-store.ts'
export {
  createMemoryVaultStore,
  type MemoryVaultContents,
  type MemoryVaultStore,
} from './memory-vault-store.ts'
export { createSeededRandom } from './seeded-random.ts'
export { VAULT_CHANGE_CASES, type VaultChangeCase } from './vault-change-contract.ts'
export {
  VAULT_STORE_CASES,
  type VaultStoreCase,
  type VaultStoreSubject,
} from './vault-store-contract.ts'
export { USAGE_STORE_CASES } from './usage-store-contract.ts'
export { createDraw, type Draw } from './draw-text.ts'
export { createKeyCorpus, type CorpusEntry } from './key-corpus.ts'
