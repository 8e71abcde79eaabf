export { createVault, type CreatedVault } from './create-vault.ts'
export { readVaultState, type VaultState } from './header.ts'
export { orderAtEnd, placeKey, sortKeys } from './key-order.ts'
export {
  OpenVault,
  type ListedRecord,
  type OpenedProviderKey,
  type RecordIdOf,
  type RecordList,
} from './open-vault.ts'
export type { KdfParams, PassphraseKdf, VaultPorts } from './ports.ts'
export type { ExportedRootKey } from './root-keys.ts'
export {
  storedEpoch,
  storedRowSchema,
  vaultHeaderSchema,
  type StoredRow,
  type VaultChange,
  type VaultHeader,
  type VaultSnapshot,
  type VaultStore,
} from './store.ts'
export { reopenVault, unlockVault } from './unlock-vault.ts'
