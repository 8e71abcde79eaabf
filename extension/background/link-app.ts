/** The way of an app whose server asks for a grant of its own: told by the server, shown to the person, allowed. */
import { WalletError, type ConnectRequest, type LinkDetails } from '@valetkey/wallet/protocol'
import type { Caller } from '@valetkey/wallet/proxy'
import { readServerOrigin, type ServerClient } from '@valetkey/wallet/sync'
import type { Asking, LinkRequest } from './app-requests.ts'
import { askAboutApp, type ConnectPorts } from './connect-app.ts'
import { assertOwnPage, type LinkedApps } from '@valetkey/wallet/linked'
import { assertMayName } from './named-server.ts'

export interface LinkPorts extends Omit<ConnectPorts, 'apps'> {
  readonly linked: Pick<LinkedApps, 'takeToken'>
  readonly serverLink: {
    readonly chosen: () => Promise<{ readonly origin: string } | null>
    readonly client: (origin: string) => Pick<ServerClient, 'describeLink'>
  }
  /** The keys that an app's own site names. */
  readonly readAppKeys: (origin: string) => Promise<readonly string[]>
}

/**
 * Links an app's server with this wallet.
 * @returns the public token its page hands to it
 * @throws `request.invalid` (reason `server`) for one of the person's own network, named from outside; `auth.failed`,
 * `auth.expired`, `request.replayed` for the link token; `auth.forbidden` for another app's; else as
 * {@link askAboutApp}
 */
export async function linkApp(
  { linkToken, server }: LinkRequest,
  caller: Caller,
  asking: Asking,
  ports: LinkPorts,
): Promise<string> {
  const { origin, incognito } = caller
  if (incognito) throw new WalletError('grant.missing')
  // C55: before anything is fetched for a page that nobody looks at.
  if (!(await asking.isShown())) throw new WalletError('grant.consent_required')
  const { serverLink, linked, readAppKeys } = ports
  const relay = readServerOrigin(server)
  const chosen = await serverLink.chosen()
  if (chosen?.origin !== relay) assertMayName(relay, origin)
  const told = await serverLink.client(relay).describeLink(linkToken)
  assertOwnPage(told, origin)
  // C106: the server that passes the calls on could name keys of its own.
  const publicKeys = [...(await readAppKeys(origin))]
  const details = { ...told, app: { ...told.app, publicKeys } }
  const link = { server: relay, linkToken, details }
  const wish = { origin, request: wishOf(details), link }
  const { questionId } = await askAboutApp(wish, asking, ports)
  const token = linked.takeToken(questionId)
  if (token === null) throw new WalletError('wallet.lost')
  return token
}

/** Hints of the app's server, as a page's wish: nothing of them binds. */
function wishOf({ requestedProviders, budgetSuggestionCents }: LinkDetails): ConnectRequest {
  const cents = budgetSuggestionCents ?? 0
  const usd = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
  return {
    capabilities: ['chat'],
    ...(requestedProviders.length > 0 && { providers: requestedProviders }),
    ...(cents > 0 && { budget: { usd, window: 'month' } }),
  }
}
