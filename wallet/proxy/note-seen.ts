import { isValetKey } from '../protocol/index.ts'
import { providerOfHost } from '../providers/index.ts'
import type { Caller } from './call.ts'
import type { ProxyPorts } from './ports.ts'
import { valetKeyHash } from './valet-key-hash.ts'

/** A valet key the page sent elsewhere than in a credential: in a body, a path, to a relay. */
export interface SeenValetKey {
  readonly url: string
  readonly valetKey: string
}

/** Tells the person when a site's own valet key goes to a host that is not its provider's. It is never swapped. */
export async function noteSeen(
  { url, valetKey }: SeenValetKey,
  caller: Caller,
  ports: Pick<ProxyPorts, 'findSite' | 'noteForeignHost'>,
): Promise<void> {
  if (!URL.canParse(url) || !isValetKey(valetKey)) return
  const { hostname, host } = new URL(url)
  const site = await ports.findSite(caller, valetKeyHash(valetKey))
  if (site && site.provider !== providerOfHost(hostname)?.id) ports.noteForeignHost(caller, host)
}
