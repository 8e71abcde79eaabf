import type { Grant, GrantStatus } from '../protocol/index.ts'

/**
 * What a grant is at a moment. `revoked` and `expired` beat everything a grant may say of itself;
 * a paused or pending grant whose time is over is expired.
 * @param now Unix milliseconds
 */
export function grantState(grant: Grant, now: number): GrantStatus {
  if (grant.status === 'revoked' || grant.status === 'expired') return grant.status
  // Not-a-number is no time at all: a clock that fails must not keep a grant alive.
  return now < grant.terms.expiresAt ? grant.status : 'expired'
}
