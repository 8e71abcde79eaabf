import { createHmac } from 'node:crypto'
import {
  WalletError,
  canonicalJson,
  fromBase64url,
  kdfSchema,
  parseJson,
  parseWith,
  toBase64url,
  type LoginRequest,
} from '@valetkey/wallet/protocol'
import { PROOF_SKEW_MS, loginMessage } from '@valetkey/wallet/sync/formats'
import { createChallenge, takeChallenge } from '../auth/challenge.ts'
import { openSession } from '../auth/session.ts'
import { verifySignature } from '../auth/verify-signature.ts'
import type { Server } from '../server.ts'
import { findAccount, findKdf } from '../stores/accounts.ts'
import { findDevice } from '../stores/devices.ts'
import { NOBODY } from './proof.ts'

/** What new vaults use (security §1): an account that does not exist looks like one of them. */
const USUAL_KDF = canonicalJson({ alg: 'argon2id', v: 19, m: 65_536, t: 3, p: 1 })

/**
 * What a device needs to prove itself. C107: for an unknown account the same, made up once and for all, and by
 * the same steps: little is read of an account, and what is made up is parsed like what was kept.
 */
export async function prelogin(server: Server, accountId: string) {
  const kept = await findKdf(server.database.queries, accountId)
  const salt = createHmac('sha256', server.secret)
    .update('salt')
    .update(fromBase64url(accountId))
    .digest()
    .subarray(0, 16)
  const usual = { suite: 1, salt: toBase64url(salt), kdf: USUAL_KDF }
  const { kdf, ...rest } = kept ?? usual
  return {
    ...{ ...rest, kdf: parseWith(kdfSchema, parseJson(kdf), 'internal') },
    challenge: createChallenge(server, accountId),
  }
}

/**
 * A session for a device that signs the challenge.
 * @throws `auth.failed` for whatever is wrong, in one time: each step is taken in every case
 */
export async function login(server: Server, body: LoginRequest) {
  const { accountId, deviceId, challenge, t } = body
  const { queries } = server.database
  const account = await findAccount(queries, accountId)
  const device = await findDevice(queries, accountId, deviceId)
  const message = loginMessage(
    { accountId, serverOrigin: server.config.origin },
    { deviceId, challenge: fromBase64url(challenge), t },
  )
  const key = fromBase64url(device?.ed25519 ?? NOBODY)
  const good = verifySignature(key, message, fromBase64url(body.sig))
  const fresh = await takeChallenge(server, accountId, challenge)
  const inTime = Math.abs(server.clock() - t) <= PROOF_SKEW_MS
  if (!good || !fresh || !inTime || !account || !device) throw new WalletError('auth.failed')
  const session = await openSession(server, queries, { accountId, deviceId })
  return { ...session, head: { head: account.head, sig: account.sig } }
}
