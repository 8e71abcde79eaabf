import { WalletError, toBase64url, type PairingStep } from '@valetkey/wallet/protocol'
import type { DeviceSession } from '../auth/session.ts'
import type { Server } from '../server.ts'
import {
  claimPairing,
  findPairing,
  insertPairing,
  setPairingValue,
  type Pairing,
} from '../stores/pairings.ts'

const LIFE_MS = 5 * 60_000
const TRIES = 5
/** Crockford's, as the Secret Key: nothing in it is read as something else. */
const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_LENGTH = 8

/** The new device begins, and shows the code. */
export async function beginPairing(server: Server, commit: string) {
  const pairingId = toBase64url(server.random(16))
  const code = Array.from(server.random(CODE_LENGTH), (byte) => CODE_ALPHABET.charAt(byte % 32))
  const expiresAt = server.clock() + LIFE_MS
  await insertPairing(server.database.queries, {
    id: pairingId,
    code: code.join(''),
    account_id: null,
    commit_value: commit,
    offer_value: null,
    reveal_value: null,
    grant_value: null,
    expires_at: expiresAt,
  })
  return { pairingId, code: code.join(''), expiresAt }
}

/**
 * The code typed on the old device: the pairing is that account's from now on, and the code is used up.
 * @throws `request.not_found`, `request.rate_limited` after five tries in five minutes
 */
export async function takePairing(server: Server, session: DeviceSession, code: string) {
  await limitTries(server, session.accountId)
  const pairing = await claimPairing(server.database.queries, {
    code,
    accountId: session.accountId,
    now: server.clock(),
  })
  if (!pairing) throw new WalletError('request.not_found')
  return { pairingId: pairing.id }
}

/** A code has 40 bits and lives five minutes: five tries of an account are next to none. */
async function limitTries(server: Server, accountId: string): Promise<void> {
  const now = server.clock()
  const window = Math.floor(now / LIFE_MS)
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const name = `pairing ${accountId} ${String(window)} ${String(attempt)}`
    if (await server.once.claim(name, now, (window + 1) * LIFE_MS)) return
  }
  throw new WalletError('request.rate_limited', { retryAfterMs: (window + 1) * LIFE_MS - now })
}

/** What must be there before a step, and who takes it. */
const STEPS = {
  offer: { after: 'commit_value', by: 'old' },
  reveal: { after: 'offer_value', by: 'new' },
  grant: { after: 'reveal_value', by: 'old' },
} as const satisfies Partial<Record<PairingStep, { after: keyof Pairing; by: 'old' | 'new' }>>

/**
 * Writes one step, once, in order.
 * @param session absent for the new device, which has none: it alone knows the id beside the old one
 * @throws `request.not_found`, `request.unprocessable` out of order, `request.replayed` a second time
 */
export async function writeStep(
  server: Server,
  step: keyof typeof STEPS,
  write: { readonly pairingId: string; readonly value: string; readonly session?: DeviceSession },
): Promise<void> {
  const pairing = await livePairing(server, write.pairingId)
  const { after, by } = STEPS[step]
  // Null for a pairing nobody claimed, and nobody's account is null.
  const isOld = write.session?.accountId === pairing.account_id
  if (by === 'old' && !isOld) throw new WalletError('request.not_found')
  if (pairing[after] === null) throw new WalletError('request.unprocessable')
  const written = await setPairingValue(
    server.database.queries,
    pairing.id,
    `${step}_value`,
    write.value,
  )
  if (!written) throw new WalletError('request.replayed')
}

/** @throws `request.not_found` also for a step that is not there yet */
export async function readStep(
  server: Server,
  step: PairingStep,
  pairingId: string,
): Promise<{ value: string }> {
  const pairing = await livePairing(server, pairingId)
  const value = pairing[`${step}_value`]
  if (value === null) throw new WalletError('request.not_found')
  return { value }
}

async function livePairing(server: Server, pairingId: string): Promise<Pairing> {
  const pairing = await findPairing(server.database.queries, pairingId)
  if (!pairing || pairing.expires_at < server.clock()) throw new WalletError('request.not_found')
  return pairing
}
