/** The wrap that a passphrase opens: the only place where a passphrase meets the vault. */
import * as z from 'zod/mini'
import {
  KDF_DEFAULT,
  assertKdfParams,
  deriveUnlockKey,
  deriveUnlockRoot,
  openWrap,
  passphraseBytes,
  sealWrap,
  type Bytes,
  type RootKeyEntry,
} from '../crypto/index.ts'
import {
  PASSPHRASE_MIN_LENGTH,
  WalletError,
  canonicalJson,
  createId,
  fromBase64url,
  parseJson,
  parseWith,
  toBase64url,
  type Random,
  type RecordId,
} from '../protocol/index.ts'
import { readSecretKey } from './header.ts'
import type { PassphraseKdf } from './ports.ts'
import type { StoredRow, VaultHeader } from './store.ts'

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

/** @throws `request.unprocessable` for a new passphrase of fewer than 12 characters */
export function assertNewPassphrase(passphrase: string): void {
  if (Array.from(passphrase.normalize('NFKC')).length < PASSPHRASE_MIN_LENGTH) {
    throw new WalletError('request.unprocessable')
  }
}

/** A row that gives the root key to whoever has the passphrase and the Secret Key. Runs the KDF once. */
export async function sealPassphraseWrap(
  context: { readonly header: VaultHeader; readonly kdf: PassphraseKdf; readonly random: Random },
  passphrase: string,
  rootKey: Uint8Array,
): Promise<StoredRow> {
  const { header, kdf, random } = context
  const params: WrapParams = { kdf: KDF_DEFAULT, salt: toBase64url(random(SALT_BYTES)) }
  const row = {
    recordId: createId<RecordId>(random),
    rev: 1,
    prev: new Uint8Array(),
    del: 0,
    writerDeviceId: header.deviceId,
    method: METHOD,
    params: canonicalJson(params),
  } as const
  const key = await deriveKey({ header, kdf }, passphrase, params)
  const { vaultId, epoch } = header
  const envelope = sealWrap({ type: METHOD, epoch, key, vaultId, row }, rootKey, random)
  key.fill(0)
  return { ...row, envelope }
}

/**
 * The root key of the header's epoch. Runs the KDF once, after its parameters were judged.
 * @throws `vault.unlock_failed` for another passphrase; `vault.corrupt` for a row that cannot be read or
 * asks for a KDF outside the bounds (C81)
 */
export async function openPassphraseWrap(
  context: { readonly header: VaultHeader; readonly kdf: PassphraseKdf },
  passphrase: string,
  row: StoredRow,
): Promise<RootKeyEntry> {
  const { vaultId, epoch } = context.header
  const params = parseWith(wrapParamsSchema, parseJson(row.params ?? ''), 'vault.corrupt')
  assertKdfParams(params.kdf)
  const key = await deriveKey(context, passphrase, params)
  try {
    const entry = openWrap({
      type: METHOD,
      keyOf: () => key,
      vaultId,
      row,
      envelope: row.envelope,
    })
    if (entry.epoch !== epoch) throw new WalletError('vault.corrupt')
    return entry
  } finally {
    key.fill(0)
  }
}

async function deriveKey(
  { header, kdf }: { readonly header: VaultHeader; readonly kdf: PassphraseKdf },
  passphrase: string,
  params: WrapParams,
): Promise<Bytes> {
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
