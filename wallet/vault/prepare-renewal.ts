/**
 * What a vault with an account changes at its server first: another passphrase, or another epoch. Nothing is
 * written here; a vault that the server refuses stays as it was.
 */
import {
  SECRET_KEY_BYTES,
  checkedRandom,
  deriveAccountSeed,
  deriveRecoveryAccountSeed,
  parseRecoveryKey,
  type Bytes,
  type KdfParams,
} from '../crypto/index.ts'
import { WalletError, fromBase64url, toBase64url } from '../protocol/index.ts'
import type { PassphraseChange } from './change-passphrase.ts'
import { readSecretKey } from './header.ts'
import { sealNewEpoch } from './new-epoch.ts'
import { createIdentity } from './own-keys.ts'
import { openPasskeyWrap, passkeyWrapKey, passkeysOf, type PasskeyAnswer } from './passkey-wrap.ts'
import { assertNewPassphrase, createPassphraseRoot, openPassphraseWrap } from './passphrase-wrap.ts'
import type { VaultPorts } from './ports.ts'
import { readVault, readWraps, readable, type ReadVault } from './read-vault.ts'
import { isRecordRow, openRecordRow } from './record-row.ts'
import { withOlderRootKeys } from './older-root-keys.ts'
import { createRecoveryKey, type RecoveryKit } from './recovery-wrap.ts'
import { createRootKeys } from './root-keys.ts'
import { isWrap, type StoredRow, type VaultHeader } from './store.ts'
import { sealWrapRow, type WrapKey } from './wrap-row.ts'

/** What a server is told of a passphrase, and the key that approves it. */
export interface NewCredentials {
  /** base64url of the 16 bytes */
  readonly salt: string
  readonly kdf: KdfParams
  /** The Ed25519 seed of the new ASK. Zero it. */
  readonly seed: Bytes
  /** The Ed25519 seed of the ASK in force, which signs the change. Zero it. */
  readonly approvedBy: Bytes
}

export interface PreparedPassphrase extends NewCredentials {
  /** The wrap in the place of the one before. */
  readonly rows: readonly StoredRow[]
}

/**
 * A wrong passphrase is refused after one KDF run (C84).
 * @throws as `changePassphrase`
 */
export async function preparePassphrase(
  ports: VaultPorts,
  { passphrase, newPassphrase }: PassphraseChange,
): Promise<PreparedPassphrase> {
  assertNewPassphrase(newPassphrase)
  const opened = await openPassphraseWrap(ports, passphrase, readWraps(ports.store))
  const { header } = opened.read
  const random = checkedRandom(ports.random)
  const created = await createPassphraseRoot({ header, kdf: ports.kdf, random }, newPassphrase)
  const { wrapKey } = created
  const row = sealWrapRow({ header, random }, wrapKey, opened.entry.rootKey, opened.wrap)
  for (const secret of [wrapKey.key, opened.entry.rootKey]) secret.fill(0)
  return { rows: [row], ...credentialsOf(header, opened.root, created) }
}

export interface Renewal {
  readonly passphrase: string
  /** Left out, the passphrase stays. */
  readonly newPassphrase?: string | undefined
  /** The passkeys touched for this; every other one loses its wrap. */
  readonly passkeys?: readonly PasskeyAnswer[] | undefined
  /** Whether a device is to know nothing of it: then Secret Key and identity are others, too. */
  readonly removesDevice: boolean
}

export interface PreparedRenewal extends NewCredentials {
  readonly epoch: number
  /** Zero it. */
  readonly rootKey: Bytes
  /** Of the epoch, also where it stays: a device that slept through the one that replaced it never had it. */
  readonly secretKey: Bytes
  /** The wraps, and the identity where it is another one. */
  readonly rows: readonly StoredRow[]
  /** The seed of the new identity, where it is another one. Zero it. */
  readonly identitySeed: Bytes | undefined
  /** The Ed25519 seed of the new RAK. Zero it. */
  readonly recoverySeed: Bytes
  readonly kit: RecoveryKit
  /** Credential ids of the passkeys that will no longer open the vault. */
  readonly lostPasskeys: readonly string[]
}

/** A new epoch of this vault, as it is now. Runs the KDF twice. @throws as `rotateRootKey` */
export async function prepareRenewal(
  ports: VaultPorts,
  { passphrase, newPassphrase, passkeys = [], removesDevice }: Renewal,
): Promise<PreparedRenewal> {
  if (newPassphrase !== undefined) assertNewPassphrase(newPassphrase)
  const opened = await openPassphraseWrap(ports, passphrase, readVault(ports.store))
  const { read, entry } = opened
  const random = checkedRandom(ports.random)
  const secretKey = removesDevice ? random(SECRET_KEY_BYTES) : readSecretKey(read.header)
  const epoch = read.header.epoch + 1
  const header = { ...read.header, epoch, secretKey: toBase64url(secretKey) }
  const touched = passkeys.map((answer) => renewedPasskey(read, header, answer))
  const created = await createPassphraseRoot(
    { header, kdf: ports.kdf, random },
    newPassphrase ?? passphrase,
  )
  const { kit, wrapKey: recoveryWrap } = createRecoveryKey(header, random)
  const identity = removesDevice ? createIdentity(random) : undefined
  const rootKey = random(32)
  const wraps = [created.wrapKey, recoveryWrap, ...touched]
  const from = { ...read, rows: withoutRecords(read, entry.rootKey, identity !== undefined) }
  const { rows } = sealNewEpoch(ports, {
    ...{ from, oldRootKey: entry.rootKey, header, rootKey, wraps, identity },
  })
  for (const { key } of wraps) key.fill(0)
  entry.rootKey.fill(0)
  const kept = passkeysOf(rows).map(({ credentialId }) => credentialId)
  const lostPasskeys = passkeysOf(read.rows)
    .map(({ credentialId }) => credentialId)
    .filter((credentialId) => !kept.includes(credentialId))
  const recoveryKey = parseRecoveryKey(kit.recoveryKeyText)
  const recoverySeed = deriveRecoveryAccountSeed(recoveryKey, header.accountId)
  recoveryKey.fill(0)
  return {
    ...{ epoch, rootKey, secretKey, rows, kit, lostPasskeys, recoverySeed },
    identitySeed: identity && fromBase64url(identity.seed),
    ...credentialsOf(header, opened.root, created),
  }
}

/** Opened, not taken on trust; and under the Secret Key of the epoch. */
function renewedPasskey(read: ReadVault, header: VaultHeader, answer: PasskeyAnswer): WrapKey {
  const { entry, wrapKey } = openPasskeyWrap(read, answer)
  entry.rootKey.fill(0)
  wrapKey.key.fill(0)
  const passkey = passkeysOf(read.rows).find((each) => each.credentialId === answer.credentialId)
  if (!passkey) throw new WalletError('vault.unlock_failed')
  return passkeyWrapKey(header, answer, passkey.prfSalt)
}

/** The rows that open an epoch; records are sealed again once it is open. */
function withoutRecords(
  { header, rows }: ReadVault,
  rootKey: Uint8Array,
  withIdentity: boolean,
): readonly StoredRow[] {
  const { vaultId, deviceId, epoch } = header
  const newest = { epoch, rootKey: rootKey.slice() }
  const keys = createRootKeys(vaultId, withOlderRootKeys(vaultId, newest, rows))
  const context = { vaultId, deviceId, epoch, keys, random: () => new Uint8Array() }
  const isIdentity = (row: StoredRow): boolean =>
    isRecordRow(context, row) && readable(() => openRecordRow(context, row))?.kind === 'identity'
  const kept = rows.filter((row) => isWrap(row) || (withIdentity && isIdentity(row)))
  keys.wipe()
  return kept
}

function credentialsOf(
  { accountId }: VaultHeader,
  before: Bytes,
  { root, params }: Awaited<ReturnType<typeof createPassphraseRoot>>,
): NewCredentials {
  const credentials = {
    ...params,
    seed: deriveAccountSeed(root, accountId),
    approvedBy: deriveAccountSeed(before, accountId),
  }
  for (const each of [root, before]) each.fill(0)
  return credentials
}
