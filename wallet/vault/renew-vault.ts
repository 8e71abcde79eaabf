/** A new epoch for a vault: after a leak, with the passphrase; after a loss, with the recovery kit. */
import {
  SECRET_KEY_BYTES,
  checkedRandom,
  equalBytes,
  parseRecoveryKey,
  type RootKeyEntry,
} from '../crypto/index.ts'
import {
  WalletError,
  createId,
  isWalletError,
  toBase64url,
  type DeviceId,
  type RecordFields,
} from '../protocol/index.ts'
import { sealNewEpoch } from './new-epoch.ts'
import { OpenVault } from './open-vault.ts'
import { createIdentity } from './own-keys.ts'
import { openPasskeyWrap, passkeysOf, type PasskeyAnswer } from './passkey-wrap.ts'
import { assertNewPassphrase, createPassphraseKey, openByPassphrase } from './passphrase-wrap.ts'
import type { VaultPorts } from './ports.ts'
import { readVault, type ReadVault } from './read-vault.ts'
import { createRecoveryKey, openRecoveryWrap, type RecoveryKit } from './recovery-wrap.ts'
import { createRootKeys } from './root-keys.ts'
import type { StoredRow, VaultChange, VaultHeader, VaultStore } from './store.ts'
import type { WrapKey } from './wrap-row.ts'

/** A vault in its new epoch, open, and the only kit that recovers it from now on. */
export interface RenewedVault {
  /** The vault given as `open`, or a new one. */
  readonly vault: OpenVault
  readonly kit: RecoveryKit
  /** Credential ids of the passkeys that no longer open the vault. */
  readonly lostPasskeys: readonly string[]
}

export interface RootKeyRotation {
  readonly passphrase: string
  /** Left out, the passphrase stays. */
  readonly newPassphrase?: string
  /** The passkeys touched for this; every other one loses its wrap. */
  readonly passkeys?: readonly PasskeyAnswer[]
  /** Goes on under the new keys, so that whoever holds it keeps holding it. */
  readonly open?: OpenVault
}

export interface Recovery {
  /** As the person typed it, `VR1-…`. */
  readonly recoveryKeyText: string
  readonly newPassphrase: string
  readonly open?: OpenVault
}

/** How often a rotation begins again because a record was written meanwhile. */
const ATTEMPTS = 3

/**
 * Opens a new epoch: another root key, every record sealed again, the passphrase wrapped anew, another
 * recovery key, in one commit. For a suspected leak: give a new passphrase too, and have the person
 * reissue the provider keys, as old copies of the vault stay openable. Runs the KDF twice.
 *
 * A wrong passphrase is refused after one KDF run (C84).
 * @throws `request.unprocessable` for a new passphrase under 12 characters, before hashing;
 * `vault.unlock_failed` for a wrong passphrase or a passkey that does not open this vault;
 * `vault.newer` if a record of a later version is there; `sync.conflict` if another window changed the
 * passphrase or the epoch meanwhile (C88); `request.not_found`, `vault.corrupt`, `vault.quota`
 */
export async function rotateRootKey(
  ports: VaultPorts,
  rotation: RootKeyRotation,
): Promise<RenewedVault> {
  const { passphrase, newPassphrase, passkeys = [], open } = rotation
  if (newPassphrase !== undefined) assertNewPassphrase(newPassphrase)
  const { read, wrap, entry } = await openByPassphrase(ports, passphrase, readVault(ports.store))
  return renew(ports, {
    read,
    entry,
    witness: wrap,
    header: { ...read.header, epoch: read.header.epoch + 1 },
    passphrase: newPassphrase ?? passphrase,
    // Opened, not taken on trust: outputs that do not open the vault today would lock the passkey out.
    passkeys: passkeys.map((answer) => openPasskeyWrap(read, answer).wrapKey),
    identity: undefined,
    open,
  })
}

/**
 * Opens the vault with the recovery key, and forces a new epoch with a new passphrase, Secret Key,
 * recovery key, identity and device, in one commit: whoever finds the old kit later opens nothing with
 * it. Every passkey loses its wrap. Needs no passphrase, and opens a vault whose passphrase wrap is
 * damaged.
 * @throws `request.invalid` with a reason for a mistyped key (see `parseRecoveryKey`);
 * `request.unprocessable` for a new passphrase under 12 characters; `vault.unlock_failed` for the kit of
 * another vault, or an old one; `request.not_found` where there is no vault, or none with a recovery key;
 * `vault.newer`, `sync.conflict`, `vault.corrupt`, `vault.quota`
 */
export async function recoverVault(ports: VaultPorts, recovery: Recovery): Promise<RenewedVault> {
  const recoveryKey = parseRecoveryKey(recovery.recoveryKeyText)
  assertNewPassphrase(recovery.newPassphrase)
  const read = await readVault(ports.store)
  const { wrap: witness, entry } = openRecoveryWrap(read, recoveryKey)
  const random = checkedRandom(ports.random)
  return renew(ports, {
    read,
    entry,
    witness,
    header: {
      ...read.header,
      epoch: read.header.epoch + 1,
      deviceId: createId<DeviceId>(random),
      secretKey: toBase64url(random(SECRET_KEY_BYTES)),
    },
    passphrase: recovery.newPassphrase,
    passkeys: [],
    identity: createIdentity(random),
    open: recovery.open,
  })
}

interface Renewal {
  readonly read: ReadVault
  /** What the passphrase or the kit opened; zeroed. */
  readonly entry: RootKeyEntry
  /** The wrap it was opened with. */
  readonly witness: StoredRow
  readonly header: VaultHeader
  readonly passphrase: string
  readonly passkeys: readonly WrapKey[]
  readonly identity: RecordFields<'identity'> | undefined
  readonly open: OpenVault | undefined
}

async function renew(ports: VaultPorts, renewal: Renewal): Promise<RenewedVault> {
  const { header, entry, identity, open } = renewal
  const random = checkedRandom(ports.random)
  const context = { header, kdf: ports.kdf, random }
  const unlockKey = await createPassphraseKey(context, renewal.passphrase)
  const { kit, wrapKey } = createRecoveryKey(header, random)
  const wraps = [unlockKey, wrapKey, ...renewal.passkeys]
  const rootKey = random(32)
  try {
    const lostPasskeys = await commitRetrying(ports.store, renewal, (from) =>
      sealNewEpoch(ports, { from, oldRootKey: entry.rootKey, header, rootKey, wraps, identity }),
    )
    const keys = createRootKeys(header.vaultId, [{ epoch: header.epoch, rootKey }])
    const vault = open ? open.adopt(header, keys) : new OpenVault(ports, header, keys)
    return { vault, kit, lostPasskeys }
  } finally {
    for (const { key } of wraps) key.fill(0)
    entry.rootKey.fill(0)
  }
}

/**
 * Commits what is sealed of the vault as it is now; begins again where a record was written meanwhile.
 * @returns the passkeys that lost their wrap
 */
async function commitRetrying(
  store: VaultStore,
  { read, witness }: Renewal,
  seal: (from: ReadVault) => VaultChange,
): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    const from = await readVault(store)
    assertUnchanged(read, from, witness)
    const change = seal(from)
    try {
      await store.commit(change)
      const kept = passkeysOf(change.rows).map(({ credentialId }) => credentialId)
      const before = passkeysOf(from.rows).map(({ credentialId }) => credentialId)
      return before.filter((credentialId) => !kept.includes(credentialId))
    } catch (error) {
      if (attempt === ATTEMPTS || !isWalletError(error, 'sync.conflict')) throw error
    }
  }
}

/** C88: what the passphrase or the kit opened must still be what opens the vault. */
function assertUnchanged(before: ReadVault, now: ReadVault, witness: StoredRow): void {
  const wrap = now.rows.find(({ recordId }) => recordId === witness.recordId)
  const same = wrap?.rev === witness.rev && equalBytes(wrap.envelope, witness.envelope)
  if (!same || now.header.epoch !== before.header.epoch) throw new WalletError('sync.conflict')
}
