export { dropDeviceNames, nameDevice, readDeviceNames } from './device-labels.ts'
export {
  deriveAccountKey,
  deriveRecoveryAccountKey,
  deriveRemoteKeys,
  openRemoteWrap,
  type AccountKey,
  type RemoteCredentials,
  type RemoteKeys,
} from './account-keys.ts'
export { admitDevice, type AdmittedDevice, type ArrivedVault } from './admit-device.ts'
export type { Allocation, Allocations, LimitedGrant } from './allocations.ts'
export { changePassphrase, renewRecoveryKey, type PassphraseChange } from './change-passphrase.ts'
export type { BackupRecord } from './backup-file.ts'
export type { CreatedBackup } from './create-backup.ts'
export { createVault, type CreatedVault } from './create-vault.ts'
export { examineVault, type VaultExamination } from './examine-vault.ts'
export { readSecretKeyText, readVaultState, type VaultState } from './header.ts'
export { orderAtEnd, ordersAtEnd, placeKey, sortKeys } from './key-order.ts'
export { forgetKept, keptNow, keptSince } from './kept-secrets.ts'
export { isKitInForce, kitMarkSchema, markKit, type KitMark } from './kit-mark.ts'
export {
  ABSOLUTE_LOCK_MS,
  IDLE_LOCK_MS,
  extendDeadlines,
  isLockDue,
  startDeadlines,
  type LockDeadlines,
  type LockPeriods,
} from './lock-deadlines.ts'
export type { MergeOutcome } from './merge-records.ts'
export { backupKeys, openBackup, type BackupCredentials, type OpenedBackup } from './open-backup.ts'
export { epochOf, type NextEpoch } from './next-epoch.ts'
export { OpenVault } from './open-vault.ts'
export type { OpenedProviderKey } from './opened-key.ts'
export type { DeviceKeys } from './own-keys.ts'
export type { KeyList, ListedKey, ListedRecord, RecordIdOf, RecordList } from './record-row.ts'
export type { KeyFacts } from './row-memory.ts'
export type { KdfParams, PassphraseKdf, VaultPorts } from './ports.ts'
export {
  createPasskeyQuestion,
  type Passkey,
  type PasskeyAnswer,
  type PasskeyQuestion,
} from './passkey-wrap.ts'
export {
  addPasskey,
  readUnlockMethods,
  removePasskey,
  unlockWithPasskey,
  type NewPasskey,
  type UnlockMethods,
} from './passkeys.ts'
export {
  dropPasskeyLabels,
  readPasskeyLabels,
  writePasskeyLabel,
  type PasskeyLabel,
} from './passkey-labels.ts'
export { recoverRemote, type RecoveredRemote, type RemoteRecovery } from './recover-remote.ts'
export {
  preparePassphrase,
  prepareRenewal,
  type NewCredentials,
  type PreparedRenewal,
  type Renewal,
} from './prepare-renewal.ts'
export type { RecoveryKit } from './recovery-wrap.ts'
export {
  recoverVault,
  rotateRootKey,
  type Recovery,
  type RenewedVault,
  type RootKeyRotation,
} from './renew-vault.ts'
export {
  restoreVault,
  restoreVaultWithKit,
  type KitRestore,
  type RestoredVault,
} from './restore-vault.ts'
export type { ExportedRootKey } from './root-keys.ts'
export {
  isWrap,
  storedEpoch,
  storedRowSchema,
  vaultHeaderSchema,
  type StoredRow,
  type VaultChange,
  type VaultHeader,
  type VaultSnapshot,
  type VaultStore,
} from './store.ts'
export { suggestPassphrase } from './suggest-passphrase.ts'
export { assertNewPassphrase } from './passphrase-wrap.ts'
export { rowOrNull } from './read-vault.ts'
export { openWithKit, reopenVault, unlockVault } from './unlock-vault.ts'
export {
  createUnlockAttempts,
  type UnlockAttemptState,
  type UnlockAttemptStore,
  type UnlockAttempts,
} from './unlock-attempts.ts'
