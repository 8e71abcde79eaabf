import { WalletError, isGrantableOrigin } from '@valetkey/wallet/protocol'

/** Firefox's patterns have no ports: there the caller's exact origin alone tells sites apart (C2). */
const NAMES_PORTS =
  (globalThis as Partial<typeof globalThis>).location?.protocol !== 'moz-extension:'

const DEFAULT_PORT: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' }

/**
 * The match pattern of exactly one origin, for permissions and content scripts. The port is always
 * written out: a pattern without one covers every port of the host (C2), and Chrome compares patterns
 * as text, so the same form must be asked for, checked and given back (decision 0004).
 * @throws `request.invalid` for an origin that can hold no grant
 */
export function sitePattern(origin: string): string {
  if (!isGrantableOrigin(origin)) throw new WalletError('request.invalid', { reason: 'origin' })
  const { protocol, hostname, port } = new URL(origin)
  if (!NAMES_PORTS) return `${protocol}//${hostname}/*`
  return `${protocol}//${hostname}:${port || (DEFAULT_PORT[protocol] ?? '')}/*`
}
