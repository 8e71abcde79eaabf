/** Passkeys of a vault: each is one more wrap of the root key; the passphrase stays. */
import { checkedRandom, type RootKeyEntry } from '../crypto/index.ts'
import { WalletError, fromBase64url } from '../protocol/index.ts'
import type { OpenVault } from './open-vault.ts'
import {
  openPasskeyWrap,
  passkeyWrapKey,
  passkeyWrapOf,
  passkeysOf,
  type Passkey,
  type PasskeyAnswer,
} from './passkey-wrap.ts'
import type { VaultPorts } from './ports.ts'
import { readWraps } from './read-vault.ts'
import { createRootKeys } from './root-keys.ts'
import { sealTombstone } from './sealed-row.ts'
import type { StoredRow, VaultHeader, VaultStore } from './store.ts'
import { openWith } from './unlock-vault.ts'
import { liveWraps, sealWrapRow } from './wrap-row.ts'

type PasskeyPorts = Pick<VaultPorts, 'store' | 'clock' | 'random'>

/** What opens a vault beside the passphrase. */
export interface UnlockMethods {
  /** False in a vault made before there were recovery keys: offer one. */
  readonly recoveryKey: boolean
  readonly passkeys: readonly Passkey[]
}

/** A passkey just made, and its salt out of {@link createPasskeyQuestion}. */
export interface NewPasskey extends PasskeyAnswer {
  /** base64url of the 16 bytes */
  readonly prfSalt: string
}

/** Needs no key. @throws `request.not_found`, `vault.corrupt`, `vault.newer` */
export async function readUnlockMethods(store: VaultStore): Promise<UnlockMethods> {
  const { rows } = await readWraps(store)
  return { recoveryKey: liveWraps(rows, 'recovery').length > 0, passkeys: passkeysOf(rows) }
}

/**
 * Opens the vault with a passkey that was touched. Runs no KDF and writes nothing.
 * @throws `request.not_found` where no vault is; `vault.unlock_failed` for a passkey that does not open it
 * (any more); `request.unprocessable` for PRF outputs that are none; `vault.corrupt`, `vault.newer`
 */
export async function unlockWithPasskey(
  ports: PasskeyPorts,
  answer: PasskeyAnswer,
): Promise<OpenVault> {
  const read = await readWraps(ports.store)
  const { entry, wrapKey } = openPasskeyWrap(read, answer)
  wrapKey.key.fill(0)
  return openWith(ports, read, entry)
}

/**
 * From now on the passkey opens the vault too; if it did before, by a new salt. Ask the passphrase first:
 * who finds the vault open must not make a way in that stays.
 * @throws `request.unprocessable` for PRF outputs that are none; `vault.locked`, `sync.conflict`, `vault.quota`
 */
export async function addPasskey(
  ports: PasskeyPorts,
  vault: OpenVault,
  passkey: NewPasskey,
): Promise<void> {
  const { header, rows } = await readWraps(ports.store)
  const entry = rootKeyOf(vault, header)
  const replaced = passkeyWrapOf(rows, passkey.credentialId)
  const wrapKey = passkeyWrapKey(header, passkey, passkey.prfSalt)
  const context = { header, random: checkedRandom(ports.random) }
  const row = sealWrapRow(context, wrapKey, entry.rootKey, replaced ?? undefined)
  wrapKey.key.fill(0)
  entry.rootKey.fill(0)
  await commitRow(ports.store, header, row, replaced)
}

/**
 * From now on the passkey no longer opens the vault.
 * @throws `request.not_found` for one that did not; `vault.locked`, `sync.conflict`, `vault.quota`
 */
export async function removePasskey(
  ports: PasskeyPorts,
  vault: OpenVault,
  credentialId: string,
): Promise<void> {
  const { header, rows } = await readWraps(ports.store)
  const { vaultId, deviceId, epoch } = header
  const keys = createRootKeys(vaultId, [rootKeyOf(vault, header)])
  const wrap = passkeyWrapOf(rows, credentialId)
  if (wrap === null) throw new WalletError('request.not_found')
  const context = { vaultId, deviceId, epoch, keys, random: checkedRandom(ports.random) }
  const tombstone = sealTombstone(context, wrap)
  keys.wipe()
  await commitRow(ports.store, header, tombstone, wrap)
}

async function commitRow(
  store: VaultStore,
  { epoch }: VaultHeader,
  row: StoredRow,
  replaced: StoredRow | null,
): Promise<void> {
  await store.commit({
    rows: [row],
    expected: new Map([[row.recordId, replaced?.rev ?? 0]]),
    epoch,
  })
}

/** A copy. @throws `vault.locked` also for a vault opened in an earlier epoch */
function rootKeyOf(vault: OpenVault, { epoch }: VaultHeader): RootKeyEntry {
  const entry = vault.exportRootKeys().find((each) => each.epoch === epoch)
  if (entry === undefined) throw new WalletError('vault.locked')
  return { epoch, rootKey: fromBase64url(entry.rootKey) }
}
