import { WalletError } from '../protocol/index.ts'

/** Argon2id parameters as stored in a wrap: m in KiB, t passes, p lanes (RFC 9106 §3.1). */
export interface KdfParams {
  readonly alg: 'argon2id'
  readonly v: 19
  readonly m: number
  readonly t: number
  readonly p: 1
}

/** What a new vault uses: RFC 9106's memory-constrained choice, with the one lane WebAssembly can use. */
export const KDF_DEFAULT: KdfParams = { alg: 'argon2id', v: 19, m: 64 * 1024, t: 3, p: 1 }

const MIN_M_KIB = 64 * 1024
const MIN_T = 3
const MAX_M_KIB = 1024 * 1024
const MAX_T = 16

/**
 * Refuses parameters outside this client's bounds, before anything is hashed with them.
 * C81: parameters come from a stored row. Lowered ones would make the passphrase cheap to guess from what
 * is derived next; raised ones (1 TiB) would stop the browser.
 * @throws `vault.corrupt`
 */
export function assertKdfParams(params: KdfParams): void {
  const { alg, v, m, t, p } = params as Readonly<Record<keyof KdfParams, unknown>>
  const known = alg === 'argon2id' && v === 19 && p === 1
  if (!known || !isWithin(m, MIN_M_KIB, MAX_M_KIB) || !isWithin(t, MIN_T, MAX_T)) {
    throw new WalletError('vault.corrupt')
  }
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
}
