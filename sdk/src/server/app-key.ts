/** The app's own key: sealed calls are signed with it, and wallets read its public half at the app's site. */
import { fromBase64url, toBase64url } from './base64url.ts'
import { createError } from './errors.ts'
import type { AppKeyDocument } from './types.ts'

const SEED_BYTES = 32
const YEAR_MS = 365 * 24 * 60 * 60_000

/** A new key: 32 bytes, base64url. A secret as the client secret is: it belongs where that one lies. */
export function createAppKey(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(SEED_BYTES)))
}

/**
 * What stands at `/.well-known/valetkey.json` of the site whose pages link people's wallets, with the header
 * `Access-Control-Allow-Origin: *` and no redirect. To change keys, name both for as long as the old one is used.
 * @param origin of that site: `https://notes.example`
 * @param notAfter Unix ms; a year from now unless another stands here
 * @throws ValetKeyError `request.invalid` for a key that is none
 */
export async function appKeyDocument(
  origin: string,
  appKeys: readonly string[],
  notAfter: number = Date.now() + YEAR_MS,
): Promise<AppKeyDocument> {
  const { publicKeyOf } = await import('./seal-call.ts')
  const keys = appKeys.map((appKey) => {
    const ed25519 = toBase64url(publicKeyOf(seedOf(appKey)))
    return { kid: ed25519.slice(0, 8), ed25519, notAfter }
  })
  return { schema: 1, origin, keys }
}

/** @throws ValetKeyError `request.invalid` */
export function seedOf(appKey: string): Uint8Array {
  const isKey = /^[A-Za-z0-9_-]{43}$/.test(appKey)
  const seed = isKey ? fromBase64url(appKey) : new Uint8Array()
  if (seed.length === SEED_BYTES) return seed
  throw createError('request.invalid', {
    message: '`appKey` is no key of an app.',
    action: 'Make one with `createAppKey()`, once, and keep it beside the client secret.',
  })
}
