/** The wrap that a passphrase opens: the only place where a passphrase meets the vault. */
import * as z from 'zod/mini'
import {
  KDF_DEFAULT,
  assertKdfParams,
  deriveUnlockKey,
  deriveUnlockRoot,
  passphraseBytes,
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
  { header, kdf, random }: PassphraseContext & { readonly random: Random },
  passphrase: string,
): Promise<WrapKey> {
  const params: WrapParams = { kdf: KDF_DEFAULT, salt: toBase64url(random(SALT_BYTES)) }
  const key = await deriveKey({ header, kdf }, passphrase, params)
  return { method: METHOD, params: canonicalJson(params), key }
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
  const read = await reading
  const wrap = onlyWrap(read.rows, METHOD)
  if (wrap === null) throw new WalletError('vault.corrupt')
  const params = parseWith(wrapParamsSchema, parseJson(wrap.params ?? ''), 'vault.corrupt')
  assertKdfParams(params.kdf)
  const key = await deriveKey({ header: read.header, kdf }, passphrase, params)
  try {
    return { read, wrap, entry: openWrapRow(read.header, { method: METHOD, key }, wrap) }
  } finally {
    key.fill(0)
  }
}

async function deriveKey(
  { header, kdf }: PassphraseContext,
  passphrase: string,
  params: WrapParams,
): Promise<Uint8Array> {
  const password = passphraseBytes(passphrase)
  try {
    const hash = await kdf(password, fromBase64url(params.salt), params.kdf)
    const root = deriveUnlockRoot(hash, readSecretKey(header))
    const key = deriveUnlockKey(root, header.vaultId)
    hash.fill(0)
    root.fill(0)
    return key
  } finally {
    password.fill(0)
  }
}
