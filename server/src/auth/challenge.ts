/**
 * Challenges hold what they need to be judged: nobody's asking for one writes anything down.
 *
 *   made at u64 | random 8 | HMAC-SHA-256(secret, "challenge" ‖ account ‖ the first 16)[0..16]
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { fromBase64url, toBase64url } from '@valetkey/wallet/protocol'
import type { Server } from '../server.ts'

const LIFE_MS = 2 * 60_000
const START = 16

export function createChallenge(server: Server, accountId: string): string {
  const start = Buffer.alloc(START)
  start.writeBigUInt64BE(BigInt(server.clock()))
  start.set(server.random(8), 8)
  return toBase64url(Buffer.concat([start, mark(server, accountId, start)]))
}

/** Whether it is ours, for this account, younger than two minutes, and shown the first time. */
export async function takeChallenge(
  server: Server,
  accountId: string,
  challenge: string,
): Promise<boolean> {
  const bytes = Buffer.from(fromBase64url(challenge))
  const start = bytes.subarray(0, START)
  if (!timingSafeEqual(bytes.subarray(START), mark(server, accountId, start))) return false
  const madeAt = Number(start.readBigUInt64BE())
  const expiresAt = madeAt + LIFE_MS
  if (server.clock() > expiresAt) return false
  return server.once.claim(`challenge ${challenge}`, madeAt, expiresAt)
}

function mark(server: Server, accountId: string, start: Uint8Array): Buffer {
  const whole = createHmac('sha256', server.secret)
    .update('challenge')
    .update(fromBase64url(accountId))
    .update(start)
    .digest()
  return whole.subarray(0, START)
}
