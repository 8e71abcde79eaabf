/**
 * Which key is made from which (formats §2):
 *
 *   passphrase ─Argon2id→ A ┐
 *            Secret Key ────┴─Extract→ R ─Expand→ KUK (opens the passphrase wrap), ASK seed
 *   recovery key ─Expand→ recovery wrap key, RAK seed
 *   VRK of an epoch ─Expand→ K_record, K_log, K_wrap
 */
import { fromBase64url, type AccountId, type VaultId } from '../protocol/index.ts'
import { label, u32, type Bytes } from './bytes.ts'
import { hkdfExpand, hkdfExtract } from './hash.ts'

/** R, from the Secret Key and A. The Secret Key keeps A worthless to whoever stole a server. */
export function deriveUnlockRoot(passphraseHash: Uint8Array, secretKey: Uint8Array): Bytes {
  return hkdfExtract(secretKey, passphraseHash)
}

/** KUK: seals the passphrase wrap of the root key. */
export function deriveUnlockKey(unlockRoot: Uint8Array, vaultId: VaultId): Bytes {
  return hkdfExpand(unlockRoot, label('unlock', fromBase64url(vaultId)))
}

/** The Ed25519 seed of ASK, which enrols devices and approves account changes. */
export function deriveAccountSeed(unlockRoot: Uint8Array, accountId: AccountId): Bytes {
  return hkdfExpand(unlockRoot, label('account', fromBase64url(accountId)))
}

/** Seals the recovery wrap of the root key. The recovery key has 256 bits: nothing else stands beside it. */
export function deriveRecoveryWrapKey(recoveryKey: Uint8Array, vaultId: VaultId): Bytes {
  return hkdfExpand(recoveryKey, label('recovery-wrap', fromBase64url(vaultId)))
}

/** The Ed25519 seed of RAK, which may fetch the vault and then must replace every other key. */
export function deriveRecoveryAccountSeed(recoveryKey: Uint8Array, accountId: AccountId): Bytes {
  return hkdfExpand(recoveryKey, label('recovery-account', fromBase64url(accountId)))
}

/** K_record, K_log or K_wrap of an epoch. */
export function deriveEpochKey(
  purpose: 'record' | 'log' | 'wrap',
  rootKey: Uint8Array,
  vaultId: VaultId,
  epoch: number,
): Bytes {
  return hkdfExpand(rootKey, label(purpose, fromBase64url(vaultId), u32(epoch)))
}
