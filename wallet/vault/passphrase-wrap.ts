/** The wrap that a passphrase opens: the only place where a passphrase meets the vault. */
import * as z from 'zod/mini'
import {
  KDF_DEFAULT,
  assertKdfParams,
  deriveUnlockKey,
  deriveUnlockRoot,
  passphraseBytes,
  type Bytes,
  type KdfParams,
  type RootKeyEntry,
} from '../crypto/index.ts'
import {
  PASSPHRASE_MIN_LENGTH,
  WalletError,
  canonicalJson,
  fromBase64url,
  parseJson,
  parseWith,
  toBase64url,
  type Random,
} from '../protocol/index.ts'
import { readSecretKey } from './header.ts'
import type { PassphraseKdf, VaultPorts } from './ports.ts'
import type { ReadVault } from './read-vault.ts'
import type { StoredRow, VaultHeader } from './store.ts'
import { onlyWrap, openWrapRow, type WrapKey } from './wrap-row.ts'

const METHOD = 'passphrase'
const SALT_BYTES = 16

const wrapParamsSchema = z.strictObject({
  kdf: z.strictObject({
    alg: z.literal('argon2id'),
    v: z.literal(19),
    m: z.int(),
    t: z.int(),
    p: z.literal(1),
  }),
  salt: z.string().check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/)),
})
type WrapParams = z.infer<typeof wrapParamsSchema>

interface PassphraseContext {
  readonly header: VaultHeader
  readonly kdf: PassphraseKdf
}

/** @throws `request.unprocessable` for a new passphrase of fewer than 12 characters */
export function assertNewPassphrase(passphrase: string): void {
  if (Array.from(passphrase.normalize('NFKC')).length < PASSPHRASE_MIN_LENGTH) {
    throw new WalletError('request.unprocessable')
  }
}

/** A key for a new wrap, under a fresh salt and the Secret Key of the header. Runs the KDF once. */
export async function createPassphraseKey(
  context: PassphraseContext & { readonly random: Random },
  passphrase: string,
): Promise<WrapKey> {
  const { wrapKey, root } = await createPassphraseRoot(context, passphrase)
  root.fill(0)
  return wrapKey
}

/** {@link createPassphraseKey}, with R, which the caller zeroes, and what it was derived with. */
export async function createPassphraseRoot(
  { header, kdf, random }: PassphraseContext & { readonly random: Random },
  passphrase: string,
): Promise<{ readonly wrapKey: WrapKey; readonly root: Bytes; readonly params: WrapParams }> {
  const params: WrapParams = { kdf: KDF_DEFAULT, salt: toBase64url(random(SALT_BYTES)) }
  const salt = fromBase64url(params.salt)
  const context = { secretKey: readSecretKey(header), kdf }
  const root = await derivePassphraseRoot(context, passphrase, { salt, kdf: params.kdf })
  const key = deriveUnlockKey(root, header.vaultId)
  return { wrapKey: { method: METHOD, params: canonicalJson(params), key }, root, params }
}

/** What a passphrase opened. */
export interface OpenedByPassphrase<R> {
  readonly read: R
  readonly wrap: StoredRow
  /** The root key of the header's epoch. */
  readonly entry: RootKeyEntry
}

/**
 * Opens the one passphrase wrap. Runs the KDF once, after its parameters were judged.
 * @param reading what whoever asks needs of the vault, the wraps at least
 * @throws `request.not_found` where no vault is; `vault.unlock_failed` for another passphrase;
 * `vault.corrupt` where there is not exactly one wrap, or it cannot be read or asks for a KDF outside the
 * bounds (C81); `vault.newer`
 */
export async function openByPassphrase<R extends Pick<ReadVault, 'header' | 'rows'>>(
  { kdf }: Pick<VaultPorts, 'kdf'>,
  passphrase: string,
  reading: Promise<R>,
): Promise<OpenedByPassphrase<R>> {
  const { read, wrap, entry, root } = await openPassphraseWrap({ kdf }, passphrase, reading)
  root.fill(0)
  return { read, wrap, entry }
}

/** {@link openByPassphrase}, and R: whoever asks for it zeroes it. */
export async function openPassphraseWrap<R extends Pick<ReadVault, 'header' | 'rows'>>(
  { kdf }: Pick<VaultPorts, 'kdf'>,
  passphrase: string,
  reading: Promise<R>,
): Promise<OpenedByPassphrase<R> & { readonly root: Bytes; readonly params: WrapParams }> {
  const read = await reading
  const { header, rows } = read
  const { wrap, params } = readPassphraseWrap(rows)
  const salt = fromBase64url(params.salt)
  const context = { secretKey: readSecretKey(header), kdf }
  const root = await derivePassphraseRoot(context, passphrase, { salt, kdf: params.kdf })
  return { read, wrap, root, params, entry: openByRoot(header, root, wrap) }
}

/** The one passphrase wrap and its parameters, judged. @throws `vault.corrupt` */
export function readPassphraseWrap(rows: readonly StoredRow[]): {
  readonly wrap: StoredRow
  readonly params: WrapParams
} {
  const wrap = onlyWrap(rows, METHOD)
  if (wrap === null) throw new WalletError('vault.corrupt')
  const params = parseWith(wrapParamsSchema, parseJson(wrap.params ?? ''), 'vault.corrupt')
  assertKdfParams(params.kdf)
  return { wrap, params }
}

/** @param root R, which is left as it is. @throws as {@link openByPassphrase} for the wrap */
export function openByRoot(header: VaultHeader, root: Uint8Array, wrap: StoredRow): RootKeyEntry {
  const key = deriveUnlockKey(root, header.vaultId)
  try {
    return openWrapRow(header, { method: METHOD, key }, wrap)
  } finally {
    key.fill(0)
  }
}

/** R of a passphrase and a Secret Key (formats §2). Runs the KDF once. */
export async function derivePassphraseRoot(
  { secretKey, kdf }: { readonly secretKey: Uint8Array; readonly kdf: PassphraseKdf },
  passphrase: string,
  params: { readonly salt: Uint8Array; readonly kdf: KdfParams },
): Promise<Bytes> {
  const password = passphraseBytes(passphrase)
  try {
    const hash = await kdf(password, params.salt, params.kdf)
    const root = deriveUnlockRoot(hash, secretKey)
    hash.fill(0)
    return root
  } finally {
    password.fill(0)
  }
}
