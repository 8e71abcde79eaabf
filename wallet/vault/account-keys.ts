/** The keys an account is approved with at a server: ASK of the passphrase, RAK of the recovery key. */
import {
  assertKdfParams,
  deriveAccountSeed,
  deriveRecoveryAccountSeed,
  parseRecoveryKey,
  type Bytes,
  type KdfParams,
  type RootKeyEntry,
} from '../crypto/index.ts'
import { WalletError, fromBase64url, type AccountId } from '../protocol/index.ts'
import {
  derivePassphraseRoot,
  openByRoot,
  openPassphraseWrap,
  readPassphraseWrap,
} from './passphrase-wrap.ts'
import type { PassphraseKdf, VaultPorts } from './ports.ts'
import { readWraps } from './read-vault.ts'
import { openRecoveryWrap } from './recovery-wrap.ts'
import type { StoredRow, VaultHeader } from './store.ts'

/** ASK, and what a device without this vault needs to derive it. */
export interface AccountKey {
  /** The Ed25519 seed of ASK. Zero it once it has signed. */
  readonly seed: Bytes
  /** base64url of the 16 bytes */
  readonly salt: string
  readonly kdf: KdfParams
}

/**
 * ASK of the passphrase that opens this vault: a wrong one signs nothing. Runs the KDF once.
 * @throws `vault.unlock_failed`, `request.not_found`, `vault.corrupt`, `vault.newer`
 */
export async function deriveAccountKey(
  { store, kdf }: Pick<VaultPorts, 'store' | 'kdf'>,
  passphrase: string,
): Promise<AccountKey> {
  const { read, entry, root, params } = await openPassphraseWrap(
    { kdf },
    passphrase,
    readWraps(store),
  )
  entry.rootKey.fill(0)
  const seed = deriveAccountSeed(root, read.header.accountId)
  root.fill(0)
  return { seed, ...params }
}

/**
 * The Ed25519 seed of RAK, of the recovery key that recovers this vault.
 * @throws `request.invalid` with a reason for a mistyped key; `vault.unlock_failed` for the key of another
 * vault, or an old one; `request.not_found`, `vault.corrupt`, `vault.newer`
 */
export async function deriveRecoveryAccountKey(
  { store }: Pick<VaultPorts, 'store'>,
  recoveryKeyText: string,
): Promise<Bytes> {
  const read = await readWraps(store)
  const recoveryKey = parseRecoveryKey(recoveryKeyText)
  const seed = deriveRecoveryAccountSeed(recoveryKey, read.header.accountId)
  openRecoveryWrap(read, recoveryKey).entry.rootKey.fill(0)
  return seed
}

/** What a person has who has no device: the passphrase, and the kit's account id and Secret Key. */
export interface RemoteCredentials {
  readonly passphrase: string
  readonly secretKey: Uint8Array
  readonly accountId: AccountId
}

/** R and ASK of what a server says of an account. */
export interface RemoteKeys {
  /** R: opens the passphrase wrap, see {@link openRemoteWrap}. Zero it afterwards. */
  readonly root: Bytes
  /** The Ed25519 seed of ASK. Zero it once it has signed. */
  readonly accountSeed: Bytes
}

/**
 * Runs the KDF once, after its parameters were judged. C81: a server that lowers them would have the
 * passphrase cheap to guess from what is signed with it; raised ones would stop the browser.
 * @throws `vault.corrupt` for parameters outside the client's bounds, before hashing
 */
export async function deriveRemoteKeys(
  kdf: PassphraseKdf,
  { passphrase, secretKey, accountId }: RemoteCredentials,
  server: { readonly salt: string; readonly kdf: KdfParams },
): Promise<RemoteKeys> {
  assertKdfParams(server.kdf)
  const params = { salt: fromBase64url(server.salt), kdf: server.kdf }
  const root = await derivePassphraseRoot({ secretKey, kdf }, passphrase, params)
  return { root, accountSeed: deriveAccountSeed(root, accountId) }
}

/**
 * The root key in the passphrase wrap among rows that came from a server.
 * @param header of the vault that came
 * @throws `sync.rollback` where the wrap is of another salt than the server told; `vault.unlock_failed`,
 * `vault.corrupt`, `vault.newer`
 */
export function openRemoteWrap(
  header: VaultHeader,
  rows: readonly StoredRow[],
  keys: { readonly root: Uint8Array; readonly salt: string },
): RootKeyEntry {
  const { wrap, params } = readPassphraseWrap(rows)
  // C81: swapped by the server, or one of the two is old.
  if (params.salt !== keys.salt) throw new WalletError('sync.rollback', { reason: 'salt' })
  return openByRoot(header, keys.root, wrap)
}
