import { ERROR_TABLE, isErrorCode, type SiteState } from '@valetkey/wallet/protocol'

const SHOWN_MS = 24 * 3_600_000

/** Refusals that a working grant has already answered. */
const OVER_WHEN_ON = new Set(['grant.missing', 'grant.denied', 'grant.revoked', 'grant.expired'])

/**
 * The last refusal of a site, when there is still something to do about it: one sentence and what to
 * do. A lock is over once this can be read; a refusal of yesterday helps nobody.
 */
export function openRefusal(
  site: SiteState,
  now: number,
): { readonly at: number; readonly message: string; readonly action: string } | null {
  const refusal = site.lastRefusal
  if (!refusal || now - refusal.at > SHOWN_MS || !isErrorCode(refusal.code)) return null
  if (refusal.code === 'vault.locked') return null
  if (site.state === 'on' && OVER_WHEN_ON.has(refusal.code)) return null
  const { message, action } = ERROR_TABLE[refusal.code]
  return { at: refusal.at, message, action }
}
