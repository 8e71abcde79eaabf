import { isValetKey } from '../protocol/index.ts'
import { providerOfHost } from '../providers/index.ts'
import { isForeign, locate } from './admit.ts'
import type { Caller, IndexedSite } from './call.ts'
import type { ProxyPorts } from './ports.ts'
import { credentialHash } from './credential-hash.ts'

/** A valet key the page sent elsewhere than in a credential: in a body, a path, to a relay. */
export interface SeenValetKey {
  readonly url: string
  readonly valetKey: string
}

type SeenPorts = Pick<ProxyPorts, 'findSite' | 'noteForeignHost' | 'noteRefusal' | 'openVault'>

/**
 * Tells the person when a site's own valet key goes to a host that is not its provider's. It is never
 * swapped. A live socket to its provider says that the site would talk live, and may not.
 */
export async function noteSeen(
  { url, valetKey }: SeenValetKey,
  caller: Caller,
  ports: SeenPorts,
): Promise<void> {
  if (!URL.canParse(url) || !isValetKey(valetKey)) return
  const target = new URL(url)
  const site = await ports.findSite(caller, credentialHash({ valetKey }))
  if (!site) return
  if (await isElsewhere(target, site, ports)) ports.noteForeignHost(caller, target.host)
  else if (await isRefusedSocket(target, site, ports)) {
    ports.noteRefusal(caller, 'grant.capability_denied', { capability: 'realtime' })
  }
}

async function isRefusedSocket(
  { protocol }: URL,
  { grantId, provider }: IndexedSite,
  { openVault }: Pick<SeenPorts, 'openVault'>,
): Promise<boolean> {
  if (protocol !== 'wss:' && protocol !== 'ws:') return false
  const grant = await (await openVault())?.readGrant(grantId)
  const own = grant?.terms.providers.filter((each) => each.provider === provider) ?? []
  return grant?.status === 'active' && !own.some((each) => each.capabilities.includes('realtime'))
}

/** A provider's own server is no other host: while the vault is closed nothing is said of one that may be it. */
async function isElsewhere(
  target: URL,
  site: IndexedSite,
  { openVault }: Pick<SeenPorts, 'openVault'>,
): Promise<boolean> {
  const provider = providerOfHost(target.hostname)
  if (isForeign(site, provider)) return true
  if (provider) return false
  const vault = await openVault()
  const grant = (await vault?.readGrant(site.grantId)) ?? null
  if (!vault || !grant) return false
  return (await locate(target, site.provider, { grant, vault })) === null
}
