/**
 * C6, C7: Chrome's match patterns also fit the host with a dot at its end, and sandboxed frames of the
 * site. No grant names those origins: their calls go out at once, not after a wait for an answer.
 */
export function mayHoldGrant(origin: string): boolean {
  return origin !== 'null' && !/\.(?::\d+)?$/.test(origin)
}
