/**
 * The X25519 keys that calls are sealed to: a new one each week, so that a stolen one opens no more than two
 * weeks (protocols §2). Each is signed by the grant's own key, whose hash the app has from the public token.
 */
import { createKeySeed, exchangePublicKey, relayKeyMessage, sign } from '../crypto/index.ts'
import {
  fromBase64url,
  toBase64url,
  type ExchangeKey,
  type GrantId,
  type GrantRelay,
  type Random,
  type RelayKey,
} from '../protocol/index.ts'
import type { RelayConnection } from './ports.ts'

const DAY_MS = 24 * 60 * 60_000
const RENEWED_AFTER_MS = 7 * DAY_MS
/** A day in which an app that read the old one is still understood. */
const LIFE_MS = 8 * DAY_MS

export function createExchangeKey(now: number, random: Random): ExchangeKey {
  return { seed: toBase64url(createKeySeed(random)), notBefore: now }
}

/** The keys of a grant from now on, the newest first; null: they are as they should be. */
export function renewExchangeKeys(
  keys: readonly ExchangeKey[],
  now: number,
  random: Random,
): ExchangeKey[] | null {
  const [newest] = keys
  // One of the future is of a clock that was wrong.
  const isDue =
    newest === undefined ||
    now >= newest.notBefore + RENEWED_AFTER_MS ||
    now < newest.notBefore - DAY_MS
  return isDue ? [createExchangeKey(now, random), ...(newest ? [newest] : [])] : null
}

/** The newest key, as the app gets it. */
export function signExchangeKey(
  grant: GrantId,
  { signingSeed, exchangeKeys }: Pick<GrantRelay, 'signingSeed' | 'exchangeKeys'>,
): RelayKey | null {
  const [newest] = exchangeKeys
  if (newest === undefined) return null
  const { seed, notBefore } = newest
  const pk = toBase64url(exchangePublicKey(fromBase64url(seed)))
  const key = { pk, notBefore, notAfter: notBefore + LIFE_MS }
  const sig = sign(fromBase64url(signingSeed), relayKeyMessage(grant, key))
  return { ...key, sig: toBase64url(sig) }
}

/**
 * Those that open a call now. A public key is worked out when a sealed call is tried by it, a millisecond of
 * the wallet's: the server's plain calls, and last week's key, mostly need none.
 * @param known what was worked out before, by the seed
 */
export function liveExchangeKeys(
  keys: readonly ExchangeKey[],
  now: number,
  known = new Map<string, LiveExchangeKey>(),
): RelayConnection['exchangeKeys'] {
  return keys
    .filter(({ notBefore }, index) => index === 0 || now < notBefore + LIFE_MS)
    .map(({ seed }) => {
      const live = known.get(seed) ?? liveKeyOf(seed)
      known.set(seed, live)
      return live
    })
}

export type LiveExchangeKey = RelayConnection['exchangeKeys'][number]

function liveKeyOf(seed: string): LiveExchangeKey {
  const secret = fromBase64url(seed)
  let known: Uint8Array | undefined
  return {
    secret,
    get publicKey() {
      known ??= exchangePublicKey(secret)
      return known
    },
  }
}
