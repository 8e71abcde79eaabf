/** The way of an app that sends the person's browser to the server's page (OAuth 2; protocols §3). */
import { WalletError, isWalletError } from '@valetkey/wallet/protocol'
import type { Caller } from '@valetkey/wallet/proxy'
import type { ServerClient } from '@valetkey/wallet/sync'
import type { Asking } from './app-requests.ts'
import { askAboutApp, type ConnectPorts } from './connect-app.ts'
import {
  checkRedirect,
  siteOfRedirect,
  wishOfDetails,
  type LinkedApps,
} from '@valetkey/wallet/linked'

export interface AuthorizePorts extends Omit<ConnectPorts, 'apps'> {
  readonly linked: Pick<LinkedApps, 'takeToken' | 'standingOf' | 'answerAgain'>
  readonly serverLink: {
    readonly client: (
      origin: string,
    ) => Pick<ServerClient, 'describeAuthorization' | 'denyAuthorization'>
  }
  /** The keys that the app's own site names. */
  readonly readAppKeys: (origin: string) => Promise<readonly string[]>
}

/**
 * Answers a request that was parked at the server whose page the tab shows.
 * @returns where the tab goes, with the app's code, or with the person's no
 * @throws `request.invalid` with the reason `redirect` for an app
 * that is no site's; `auth.failed`, `auth.expired`, `request.replayed` for the request;
 * `grant.consent_timeout`, `request.rate_limited`, `grant.missing` in a private window
 */
export async function authorizeApp(
  requestId: string,
  caller: Caller,
  asking: Pick<Asking, 'isShown' | 'signal'>,
  ports: AuthorizePorts,
): Promise<string> {
  if (caller.incognito) throw new WalletError('grant.missing')
  // C55: before anything is fetched for a page that nobody looks at.
  if (!(await asking.isShown())) throw new WalletError('grant.consent_required')
  const { serverLink, linked, session, readAppKeys } = ports
  // C98: the browser says whose page it is. Any other that got hold of a request's id asks its own server.
  const server = caller.origin
  const client = serverLink.client(server)
  const told = await client.describeAuthorization(requestId)
  const origin = siteOfRedirect(told)
  // C106: the server that passes the calls on could name keys of its own.
  const publicKeys = [...(await readAppKeys(origin))]
  const details = { ...told, client: { ...told.client, publicKeys } }
  const wish = {
    ...{ origin, request: wishOfDetails(details.details) },
    link: { server, requestId, details },
  }
  const open = await session.openForChore()
  const isKnown = open !== null && (await linked.standingOf(open, wish)) === 'covered'
  const again = isKnown ? await linked.answerAgain(open, wish.origin, wish.link) : null
  if (again !== null) return again
  try {
    const { vault, questionId } = await askAboutApp(wish, asking, ports)
    // Null where the vault was locked, and the app turned out to have its grant.
    const given =
      linked.takeToken(questionId) ?? (await linked.answerAgain(vault, wish.origin, wish.link))
    if (given === null) throw new WalletError('grant.missing')
    return given
  } catch (error) {
    if (!isWalletError(error, 'grant.denied') || asking.signal.aborted) throw error
    const { redirectUri } = details
    const back = await client.denyAuthorization(requestId)
    return checkRedirect(back, { redirectUri, server }, 'error').href
  }
}
