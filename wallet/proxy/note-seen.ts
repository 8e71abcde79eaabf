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

type SeenPorts = Pick<ProxyPorts, 'findSite' | 'noteForeignHost' | 'openVault'>

/** Tells the person when a site's own valet key goes to a host that is not its provider's. It is never swapped. */
export async function noteSeen(
  { url, valetKey }: SeenValetKey,
  caller: Caller,
  ports: SeenPorts,
): Promise<void> {
  if (!URL.canParse(url) || !isValetKey(valetKey)) return
  const target = new URL(url)
  const site = await ports.findSite(caller, credentialHash({ valetKey }))
  if (site && (await isElsewhere(target, site, ports))) ports.noteForeignHost(caller, target.host)
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
