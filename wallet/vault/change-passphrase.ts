/** Wraps replaced one at a time: the root key and every other wrap stay. */
import { checkedRandom, type RootKeyEntry } from '../crypto/index.ts'
import { assertNewPassphrase, createPassphraseKey, openByPassphrase } from './passphrase-wrap.ts'
import type { VaultPorts } from './ports.ts'
import { readWraps, type ReadVault } from './read-vault.ts'
import { createRecoveryKey, type RecoveryKit } from './recovery-wrap.ts'
import type { StoredRow } from './store.ts'
import { onlyWrap, sealWrapRow, type WrapKey } from './wrap-row.ts'

/** A passphrase and the one that takes its place. */
export interface PassphraseChange {
  readonly passphrase: string
  readonly newPassphrase: string
}

/**
 * Another passphrase, under a fresh salt, in one commit. Recovery kit and passkeys stay; an open vault
 * stays open. Where the old passphrase may be known to others, use `rotateRootKey`: whoever has it and a
 * copy of this disk has the root key.
 *
 * A wrong passphrase is refused after one KDF run, as in unlocking (C84).
 * @throws `request.unprocessable` for a new passphrase under 12 characters, before hashing;
 * `vault.unlock_failed` for a wrong one; `sync.conflict` if another window changed it meanwhile (C88);
 * `request.not_found`, `vault.corrupt`, `vault.newer`, `vault.quota`
 */
export async function changePassphrase(
  ports: VaultPorts,
  { passphrase, newPassphrase }: PassphraseChange,
): Promise<void> {
  assertNewPassphrase(newPassphrase)
  const { read, wrap, entry } = await openByPassphrase(ports, passphrase, readWraps(ports.store))
  const { header } = read
  const random = checkedRandom(ports.random)
  const wrapKey = await createPassphraseKey({ header, kdf: ports.kdf, random }, newPassphrase)
  await replaceWrap(ports, { read, entry, wrapKey, replaced: wrap })
}

/**
 * A new recovery key in the place of the one before, for a kit that was lost, and for a vault made before
 * there were recovery keys. Where the old kit may be in other hands, use `rotateRootKey`.
 * @throws `vault.unlock_failed` for a wrong passphrase; `sync.conflict` if another window was faster;
 * `request.not_found`, `vault.corrupt`, `vault.newer`, `vault.quota`
 */
export async function renewRecoveryKey(
  ports: VaultPorts,
  passphrase: string,
): Promise<RecoveryKit> {
  const { read, entry } = await openByPassphrase(ports, passphrase, readWraps(ports.store))
  const { kit, wrapKey } = createRecoveryKey(read.header, checkedRandom(ports.random))
  const replaced = onlyWrap(read.rows, 'recovery')
  await replaceWrap(ports, { read, entry, wrapKey, replaced })
  return kit
}

interface WrapReplacement {
  readonly read: Pick<ReadVault, 'header'>
  /** Zeroed. */
  readonly entry: RootKeyEntry
  /** Zeroed. */
  readonly wrapKey: WrapKey
  readonly replaced: StoredRow | null
}

async function replaceWrap(
  ports: VaultPorts,
  { read, entry, wrapKey, replaced }: WrapReplacement,
): Promise<void> {
  const { header } = read
  const context = { header, random: checkedRandom(ports.random) }
  const row = sealWrapRow(context, wrapKey, entry.rootKey, replaced ?? undefined)
  wrapKey.key.fill(0)
  entry.rootKey.fill(0)
  // C88: the row is replaced only as it was when the passphrase opened it.
  const expected = new Map([[row.recordId, replaced?.rev ?? 0]])
  await ports.store.commit({ rows: [row], expected, epoch: header.epoch })
}
