/** Servers that a page names for its app. */
import { WalletError } from '@valetkey/wallet/protocol'
import { judgeBase, type BaseReach } from '@valetkey/wallet/providers'

/**
 * What a page could not ask by itself it does not have the wallet ask.
 * @param page the origin of who asks
 * @throws `request.invalid` (reason `server`) for anything but a server of the web; one of the person's own
 * computer or network only where the page is there too
 */
export function assertMayName(server: string, page: string): void {
  const reach = reachOf(server)
  if (reach === 'public') return
  const pageReach = reachOf(page)
  const isNear = (each: BaseReach | null) => each !== null && each !== 'public'
  if (!isNear(reach) || !isNear(pageReach)) throw notThere()
}

function reachOf(origin: string): BaseReach | null {
  const judged = judgeBase(origin)
  return judged.outcome === 'fits' ? judged.reach : null
}

/** The vault has no server to ask, or one that may not be asked. */
export function notThere(): WalletError {
  return new WalletError('request.invalid', { reason: 'server' })
}
