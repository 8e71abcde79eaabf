/**
 * Which key is made from which (formats §2):
 *
 *   passphrase ─Argon2id→ A ┐
 *            Secret Key ────┴─Extract→ R ─Expand→ KUK (opens the passphrase wrap), ASK seed
 *   recovery key ─Expand→ recovery wrap key, RAK seed
 *   two PRF outputs of a passkey ┐
 *            Secret Key ─────────┴─Extract→ ─Expand→ passkey wrap key
 *   VRK of an epoch ─Expand→ K_record, K_log, K_wrap
 */
import { fromBase64url, type AccountId, type VaultId } from '../protocol/index.ts'
import { concat, label, u32, u8, type Bytes } from './bytes.ts'
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

/** The two outputs an authenticator gave for one salt, 32 bytes each. */
export interface PrfOutputs {
  readonly first: Uint8Array
  readonly second: Uint8Array
}

/** What an authenticator is asked to evaluate: two inputs, so that one touch cannot open two things. */
export function passkeyPrfInputs(prfSalt: Uint8Array): { first: Bytes; second: Bytes } {
  return { first: label('prf', u8(1), prfSalt), second: label('prf', u8(2), prfSalt) }
}

/** Seals the passkey wrap of the root key. The Secret Key keeps a stolen authenticator's outputs worthless. */
export function derivePasskeyWrapKey(
  prf: PrfOutputs,
  secretKey: Uint8Array,
  vaultId: VaultId,
  credentialId: Uint8Array,
): Bytes {
  const joined = concat(prf.first, prf.second)
  const root = hkdfExtract(secretKey, joined)
  joined.fill(0)
  const key = hkdfExpand(root, label('passkey', fromBase64url(vaultId), credentialId))
  root.fill(0)
  return key
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
