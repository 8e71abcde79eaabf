/** The wrap that a passkey opens, by the PRF extension of WebAuthn (formats §2). */
import * as z from 'zod/mini'
import {
  derivePasskeyWrapKey,
  equalBytes,
  passkeyPrfInputs,
  type PrfOutputs,
  type RootKeyEntry,
} from '../crypto/index.ts'
import {
  WalletError,
  canonicalJson,
  fromBase64url,
  parseJson,
  parseWith,
  toBase64url,
  type Random,
} from '../protocol/index.ts'
import { readSecretKey } from './header.ts'
import { readable, type ReadVault } from './read-vault.ts'
import type { StoredRow, VaultHeader } from './store.ts'
import { liveWraps, openWrapRow, type WrapKey } from './wrap-row.ts'

const METHOD = 'passkey'
const SALT_BYTES = 16
const PRF_BYTES = 32
/** WebAuthn §4: a credential id has at most 1023 bytes. */
const CREDENTIAL_ID_LIMIT = 1364

const credentialIdSchema = z
  .string()
  .check(z.minLength(1), z.maxLength(CREDENTIAL_ID_LIMIT), z.refine(isBase64url))
const wrapParamsSchema = z.strictObject({
  credentialId: credentialIdSchema,
  prfSalt: z.string().check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/)),
})
type WrapParams = z.infer<typeof wrapParamsSchema>

/** What an authenticator is to evaluate for one passkey. */
export interface PasskeyQuestion {
  /** base64url of the 16 bytes */
  readonly prfSalt: string
  readonly prfInputs: { readonly first: Uint8Array; readonly second: Uint8Array }
}

/** A passkey that opens the vault, readable while it is locked. */
export interface Passkey extends PasskeyQuestion {
  /** base64url */
  readonly credentialId: string
}

/** A passkey that was touched, and what its authenticator answered. The caller zeroes the outputs. */
export interface PasskeyAnswer {
  /** base64url */
  readonly credentialId: string
  readonly prf: PrfOutputs
}

/** The question for a passkey about to be made: a fresh salt. */
export function createPasskeyQuestion(random: Random): PasskeyQuestion {
  return questionOf(toBase64url(random(SALT_BYTES)))
}

/** The passkeys that open a vault. A wrap whose params cannot be read is passed over. */
export function passkeysOf(rows: readonly StoredRow[]): Passkey[] {
  return liveWraps(rows, METHOD)
    .map(paramsOf)
    .filter((params) => params !== null)
    .map(({ credentialId, prfSalt }) => ({ credentialId, ...questionOf(prfSalt) }))
}

/** The wrap of a passkey, null where none is in force. */
export function passkeyWrapOf(rows: readonly StoredRow[], credentialId: string): StoredRow | null {
  const wraps = liveWraps(rows, METHOD)
  return wraps.find((row) => paramsOf(row)?.credentialId === credentialId) ?? null
}

/** @throws `request.unprocessable` for outputs that are none, or an id that is none */
export function passkeyWrapKey(
  header: VaultHeader,
  { credentialId, prf }: PasskeyAnswer,
  prfSalt: string,
): WrapKey {
  const params = parseWith(wrapParamsSchema, { credentialId, prfSalt }, 'request.unprocessable')
  assertOutputs(prf)
  const idBytes = fromBase64url(credentialId)
  const key = derivePasskeyWrapKey(prf, readSecretKey(header), header.vaultId, idBytes)
  return { method: METHOD, params: canonicalJson(params), key }
}

/**
 * What a touched passkey opens, and the key that opened it.
 * @throws `vault.unlock_failed` for a passkey that does not open this vault (any more), `vault.corrupt`
 */
export function openPasskeyWrap(
  { header, rows }: Pick<ReadVault, 'header' | 'rows'>,
  answer: PasskeyAnswer,
): { readonly entry: RootKeyEntry; readonly wrapKey: WrapKey } {
  const row = passkeyWrapOf(rows, answer.credentialId)
  const params = row && paramsOf(row)
  if (!row || !params) throw new WalletError('vault.unlock_failed')
  const wrapKey = passkeyWrapKey(header, answer, params.prfSalt)
  return { entry: openWrapRow(header, wrapKey, row), wrapKey }
}

function assertOutputs({ first, second }: PrfOutputs): void {
  const whole = first.length === PRF_BYTES && second.length === PRF_BYTES
  // Equal outputs come from an authenticator that does not look at what it is asked.
  if (!whole || equalBytes(first, second)) throw new WalletError('request.unprocessable')
}

function paramsOf(row: StoredRow): WrapParams | null {
  return readable(() => parseWith(wrapParamsSchema, parseJson(row.params ?? ''), 'vault.corrupt'))
}

function questionOf(prfSalt: string): PasskeyQuestion {
  return { prfSalt, prfInputs: passkeyPrfInputs(fromBase64url(prfSalt)) }
}

function isBase64url(text: string): boolean {
  try {
    fromBase64url(text)
    return true
  } catch {
    return false
  }
}
