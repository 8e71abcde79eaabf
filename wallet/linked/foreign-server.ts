/** Which servers a page may name that the vault is not synced with. */
import { WalletError } from '../protocol/index.ts'

/** Names and addresses of the person's own machine and network, which a page of the web has no business with. */
const LOCAL = /^(?:\[|\d+(?:\.\d+){3}$|[^.]+$)|\.(?:localhost|local|internal|lan|home\.arpa)$/

/**
 * What a page could not ask by itself it does not have the wallet ask.
 * @param page the origin of who asks
 * @throws `request.invalid` (reason `server`) for a server of the person's own network, named by a page of the web
 */
export function assertMayName(server: string, page: string): void {
  const isLocal = (origin: string) => LOCAL.test(new URL(origin).hostname)
  if (isLocal(server) && !isLocal(page)) throw notThere()
}

/** The vault has no server to ask, or one that may not be asked. */
export function notThere(): WalletError {
  return new WalletError('request.invalid', { reason: 'server' })
}
