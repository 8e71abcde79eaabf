/** Step one of a call: who asks, for what, and may they. Nothing is reserved or opened here. */
import {
  WalletError,
  isValetKey,
  keysOf,
  type Grant,
  type KeyId,
  type ProviderId,
} from '../protocol/index.ts'
import {
  liesAt,
  matchEndpoint,
  parseCallUrl,
  placeProvider,
  providerById,
  providerOfHost,
  type CallFacts,
  type Endpoint,
  type Provider,
} from '../providers/index.ts'
import { evaluate, type Decision } from '../grants/index.ts'
import type { Caller, Credential, IndexedSite, PageCall } from './call.ts'
import { isUnified } from './is-unified.ts'
import { parseBody, type ParsedBody } from './request-body.ts'
import type { CallVault, ProxyPorts } from './ports.ts'
import { credentialHash } from './credential-hash.ts'

/** A call that may be made, every part of it parsed and judged. */
export interface AdmittedCall {
  readonly grant: Grant
  readonly provider: Provider
  readonly endpoint: Endpoint
  readonly url: URL
  readonly body: ParsedBody
  readonly facts: CallFacts
  /** The keys the grant offers, first choice first. */
  readonly keyIds: readonly KeyId[]
  /** What the grant said to it, the price left aside. */
  readonly decision: Exclude<Decision, { outcome: 'deny' }>
  readonly vault: CallVault
}

/** What a call or a socket shows for itself. */
type Shown = Pick<PageCall, 'url' | 'credential'>

/**
 * Who a call belongs to, before anything is unlocked.
 * Null: not ours to answer, the page makes its own request.
 * @throws `grant.missing` for a credential that is not this caller's (C1, C18)
 */
export async function identify(
  { url, credential }: Shown,
  caller: Caller,
  ports: ProxyPorts,
): Promise<IdentifiedCall | null> {
  const target = URL.canParse(url) ? new URL(url) : null
  const provider = target && providerOfHost(target.hostname)
  if (!target || !isCredential(credential)) return null
  const isWallets = provider === null && isUnified(url)
  const site = await ports.findSite(caller, credentialHash(credential))
  // What an app asks its wallet for is the wallet's to answer, wherever it leads.
  const isOurs = provider !== null || isWallets || 'grantRef' in credential
  if (!site && isOurs) throw new WalletError('grant.missing')
  if (!site) return null
  if (!isWallets && isForeign(site, provider)) {
    // C30: a base URL turned to another host never gets the key; the valet key is worthless there.
    ports.noteForeignHost(caller, target.host)
    return null
  }
  return { provider, site }
}

function isCredential(credential: Credential): boolean {
  return 'grantRef' in credential || isValetKey(credential.valetKey)
}

/**
 * Whether a host is none a site's valet key belongs at. Where a provider stands that has no host of its
 * own is not known yet: only the open vault knows its places.
 * @param provider whose the host is; null: nobody's
 */
export function isForeign(site: IndexedSite, provider: Provider | null): boolean {
  if (site.provider === null) return false
  if (provider) return provider.id !== site.provider
  return providerById(site.provider).places === undefined
}

/** Whose a call is. */
export interface IdentifiedCall {
  /** Null: at a host nobody knows before the keys of the grant are read. */
  readonly provider: Provider | null
  readonly site: IndexedSite
}

/**
 * The provider at the place an address leads to, as one of the grant's keys names it; null: at none of them.
 * Of two places one below the other it is the deeper one.
 * @param of the provider whose places count; null: those of every provider the grant names
 */
export async function locate(
  url: URL,
  of: ProviderId | null,
  { grant, vault }: OpenedGrant,
): Promise<Provider | null> {
  let found: Provider | null = null
  for (const { provider, keys } of grant.terms.providers) {
    const known = providerById(provider)
    if ((of !== null && provider !== of) || known.places === undefined) continue
    for (const keyId of keysOf(keys)) {
      // A key that is gone or cannot be read names no place.
      const key = await vault.openKey(keyId).catch(() => null)
      const placed = key && placeProvider(known, key.baseUrl)
      if (!placed?.place || !liesAt(url, placed.place)) continue
      if ((found?.place?.path.length ?? -1) < placed.place.path.length) found = placed
    }
  }
  return found
}

/** The grant of a call, read from the open vault. */
export interface OpenedGrant {
  readonly grant: Grant
  readonly vault: CallVault
}

/**
 * Reads the grant as it is now.
 * @throws `vault.locked`, `grant.paused`, `grant.missing`
 */
export async function openGrant(site: IndexedSite, ports: ProxyPorts): Promise<OpenedGrant> {
  const vault = await ports.openVault()
  if (!vault) throw new WalletError('vault.locked')
  if (await ports.isPaused()) throw new WalletError('grant.paused')
  const grant = await vault.readGrant(site.grantId)
  if (!grant) throw new WalletError('grant.missing')
  return { grant, vault }
}

/**
 * Parses and judges a call.
 * @throws the code of the first rule that refuses it
 */
export async function admit(
  call: PageCall,
  provider: Provider,
  opened: OpenedGrant,
  ports: ProxyPorts,
): Promise<AdmittedCall> {
  const url = parseCallUrl(call.url, provider.place)
  const endpoint = findEndpoint(provider, call.method, url)
  const body = await parseBody(endpoint, call.body, contentTypeOf(call))
  const facts = provider.readFacts(endpoint, url, body.kind === 'none' ? null : body.json)
  const judged = facts.capability ? { ...endpoint, capability: facts.capability } : endpoint
  return judge({ provider, endpoint: judged, url, body, facts }, opened, ports)
}

/**
 * Judges an admitted call once more, after time passed: a grant may be expired, changed or taken back
 * while the person was asked (C74, C75).
 */
export async function judgeAgain(
  admitted: AdmittedCall,
  site: IndexedSite,
  ports: ProxyPorts,
): Promise<AdmittedCall> {
  return judge(admitted, await openGrant(site, ports), ports)
}

type ParsedCall = Pick<AdmittedCall, 'provider' | 'endpoint' | 'url' | 'body' | 'facts'>

function judge(
  { provider, endpoint, url, body, facts }: ParsedCall,
  { grant, vault }: OpenedGrant,
  ports: ProxyPorts,
): AdmittedCall {
  const decision = evaluate({ grant, provider: provider.id, endpoint, facts, now: ports.clock() })
  if (decision.outcome === 'deny') throw new WalletError(decision.code, decision.details)
  return {
    ...{ grant, provider, endpoint, url, body, facts, vault },
    keyIds: decision.keyIds,
    decision,
  }
}

function findEndpoint(provider: Provider, method: string, url: URL): Endpoint {
  const match = matchEndpoint(provider, method, url)
  switch (match.outcome) {
    case 'endpoint':
      return match.endpoint
    case 'denied':
      // C37, C38: account administration and other apps' stored data, whatever the grant says.
      throw new WalletError('grant.capability_denied', { capability: url.pathname })
    case 'unknown':
      throw new WalletError('request.unsupported')
  }
}

function contentTypeOf(call: PageCall): string {
  const header = call.headers.find(([name]) => name.toLowerCase() === 'content-type')
  return header?.[1] ?? ''
}
