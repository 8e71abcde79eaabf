/**
 * Where a key of the person's own server may be sent: the address is judged here, before it is kept and
 * again at each call (C27). What the browser resolves a name to is not known here: beyond this computer
 * only https is taken, so that a name turned to another machine meets a certificate it has not.
 */
import { PROVIDERS } from './catalogue.ts'
import type { Place } from './provider.ts'

/** How near a server stands. Nothing but `public` is taken without a word of the person. */
export type BaseReach = 'public' | 'own-network' | 'this-computer'

export type BaseRefusal =
  /** No address, or one with a user, a query, a fragment. */
  | 'url'
  /** Neither https, nor http on this computer. */
  | 'scheme'
  /** Spelled so that two readers could see two hosts, or a path that is no plain one. */
  | 'spelling'
  /** IPv6 literals: half of their forms hide an IPv4 address. */
  | 'ipv6'
  /** Cloud machines ask for their own secrets there. */
  | 'metadata'
  /** No server stands there. */
  | 'reserved'
  /** An address of a provider of the catalogue, which has a table of its own. */
  | 'provider'

export type JudgedBase =
  | {
      readonly outcome: 'fits'
      readonly place: Place
      readonly reach: BaseReach
      /** Not the scheme's usual one: another service of the same machine. */
      readonly ownPort: boolean
    }
  | { readonly outcome: 'refused'; readonly reason: BaseRefusal }

const LONGEST = 500
const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/
const PATH = /^(?:\/[A-Za-z0-9._~-]+)*$/
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/
/** Where a page of this machine may be reached without TLS. */
const LOOPBACK = ['localhost', '127.0.0.1']
const METADATA_NAMES = ['metadata', 'instance-data', 'metadata.google.internal', 'metadata.goog']
/** Names that a network of one's own gives out. */
const OWN_NAMES = /(?:^|\.)(?:localhost|local|lan|home|internal|intranet|corp|private|home\.arpa)$/

/** Judges the text of a base URL as a person typed it or a record holds it. */
export function judgeBase(text: string): JudgedBase {
  if (text.length > LONGEST || !URL.canParse(text)) return refused('url')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused('scheme')
  if (url.username !== '' || url.password !== '' || /[?#@]/.test(text)) return refused('url')
  const host = url.hostname
  if (host.startsWith('[')) return refused('ipv6')
  const path = url.pathname.replace(/\/$/, '')
  // What the parser made of another spelling (`0x7f.1`, `2130706433`, `ⓛocalhost`, `..`) is not what stands there.
  const spelled = `${url.protocol}//${url.host}${path}`
  if (text.replace(/\/$/, '') !== spelled || !PATH.test(path)) return refused('spelling')
  if (!NAME.test(host)) return refused('spelling')
  const reach = IPV4.test(host) ? reachOfAddress(host) : reachOfName(host)
  if (reach === 'metadata' || reach === 'reserved') return refused(reach)
  if (url.protocol === 'http:' && !LOOPBACK.includes(host)) return refused('scheme')
  // Its own table allows and denies more exactly, and says what it costs.
  const known = Object.values(PROVIDERS).some(({ hosts }) => hosts.includes(host))
  if (known) return refused('provider')
  return { outcome: 'fits', place: { origin: url.origin, path }, reach, ownPort: url.port !== '' }
}

/** The place of a stored base URL; null where it is none any more. */
export function placeOf(baseUrl: string | null): (Place & { readonly reach: BaseReach }) | null {
  const judged = baseUrl === null ? null : judgeBase(baseUrl)
  return judged?.outcome === 'fits' ? { ...judged.place, reach: judged.reach } : null
}

/** Whether an address lies at a place: its exact origin, and below its path. */
export function liesAt(url: URL, { origin, path }: Place): boolean {
  return url.origin === origin && url.pathname.startsWith(`${path}/`)
}

type Reach = BaseReach | 'metadata' | 'reserved'

function reachOfName(host: string): Reach {
  if (METADATA_NAMES.includes(host) || host.startsWith('instance-data.')) return 'metadata'
  if (host === 'localhost') return 'this-computer'
  // A name of one word is one of this network, and so are these endings.
  return !host.includes('.') || OWN_NAMES.test(host) ? 'own-network' : 'public'
}

/** Special-purpose ranges of RFC 6890, as far as a server can stand in them. */
function reachOfAddress(host: string): Reach {
  const [first = 0, second = 0, third = 0] = host.split('.').map(Number)
  if (isMetadata(host) || (first === 169 && second === 254)) return 'metadata'
  if (first === 127) return host === '127.0.0.1' ? 'this-computer' : 'reserved'
  if (first === 10 || (first === 192 && second === 168)) return 'own-network'
  if (first === 172 && second >= 16 && second <= 31) return 'own-network'
  if (first === 100 && second >= 64 && second <= 127) return 'own-network'
  if (first === 0 || first >= 224 || (first === 192 && second === 0 && third === 0))
    return 'reserved'
  if (first === 198 && (second === 18 || second === 19)) return 'reserved'
  return 'public'
}

/** Alibaba's and Azure's stand outside the link-local range. */
function isMetadata(host: string): boolean {
  return host === '100.100.100.200' || host === '168.63.129.16'
}

function refused(reason: BaseRefusal): JudgedBase {
  return { outcome: 'refused', reason }
}
