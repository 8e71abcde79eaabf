/** How apps' servers come to the wallet, put together: by the page of the app, and by the server's own. */
import type { Clock } from '@valetkey/wallet/protocol'
import { fetchAppKeys } from '@valetkey/wallet/sync'
import { fetchServer } from '../adapters/fetch-server.ts'
import type { AppSurroundings } from './app-requests.ts'
import { authorizeApp, type AuthorizePorts } from './authorize-app.ts'
import { serveAuthorizePage } from './authorize-page.ts'
import { allowByCode } from './device-code.ts'
import type { Keepalive } from './keepalive.ts'
import { linkApp, type LinkPorts } from './link-app.ts'
import type { Wallet } from './wallet.ts'

type Ports = LinkPorts & AuthorizePorts
type Linking = Pick<AppSurroundings, 'linkApp'> &
  Pick<Wallet, 'serveAuthorize' | 'readAppKeys' | 'allowByCode'>

/** @param wallet is there once a page asks */
export function createLinking(
  surroundings: Omit<Ports, 'linked' | 'serverLink' | 'readAppKeys'> & {
    readonly keepalive: Keepalive
    readonly clock: Clock
  },
  wallet: () => Pick<Wallet, 'session' | 'linkedApps' | 'serverLink' | 'untilServed'>,
): Linking {
  const { keepalive, clock, ...asking } = surroundings
  const readAppKeys = (origin: string) => fetchAppKeys(origin, { fetch: fetchServer, clock })
  const ports = (): Ports => {
    const { linkedApps: linked, serverLink } = wallet()
    return { ...asking, linked, serverLink, readAppKeys }
  }
  const served = async <T>(answer: Promise<T>): Promise<T> => {
    const given = await answer
    await wallet().untilServed()
    return given
  }
  return {
    readAppKeys,
    linkApp: (...asked) => served(linkApp(...asked, ports())),
    async allowByCode(code) {
      const release = keepalive.hold()
      try {
        const { session, serverLink } = wallet()
        const { consents, random } = asking
        const answer = allowByCode(code, { session, serverLink, consents, readAppKeys, random })
        return await served(answer)
      } finally {
        release()
      }
    },
    serveAuthorize(port, page) {
      serveAuthorizePage(port, page, {
        authorize: (...asked) => served(authorizeApp(...asked, ports())),
        keepalive,
      })
    },
  }
}
