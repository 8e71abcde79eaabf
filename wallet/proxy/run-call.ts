/** The way of a call: admit → ask → reserve → open → forward → scrub → settle. */
import { askReason } from '../grants/index.ts'
import {
  boundCall,
  expectedCost,
  hasMedia,
  type BoundInput,
  type CallBound,
  type CallSlot,
} from '../metering/index.ts'
import {
  WalletError,
  asWalletError,
  createId,
  type Capability,
  type ErrorCode,
  type KeyTest,
  type OwnPrice,
  type ProviderKey,
  type RequestId,
} from '../protocol/index.ts'
import { providerById, type Provider } from '../providers/index.ts'
import {
  admit,
  identify,
  judgeAgain,
  locate,
  openGrant,
  type AdmittedCall,
  type IdentifiedCall,
  type OpenedGrant,
} from './admit.ts'
import { askPerson } from './ask-person.ts'
import type { CallReply, Caller, IndexedSite, PageCall } from './call.ts'
import type { OutgoingRequest } from './forward.ts'
import { holdBound } from './hold-bound.ts'
import { sendByPool } from './key-pool.ts'
import { blobOfText } from './large-text.ts'
import { ownPrice } from './own-price.ts'
import { isUnified } from './is-unified.ts'
import { outgoingUrl } from './outgoing-url.ts'
import type { ProxyPorts } from './ports.ts'
import { refuse } from './refusal.ts'
import { outgoingHeaders } from './request-headers.ts'
import { send } from './send.ts'
import { stopIfAborted } from './stop-if-aborted.ts'
import { toNativeCall } from './unified-call.ts'

/**
 * Makes one call for a page. Refusals come back as responses in the provider's error shape; only a lost
 * network and an abort throw, as `fetch` does (formats §8).
 * @throws `provider.network`, `request.aborted`
 */
export async function runCall(
  call: PageCall,
  caller: Caller,
  ports: ProxyPorts,
  signal: AbortSignal,
): Promise<CallReply> {
  let identified: IdentifiedCall | null = null
  try {
    identified = await identify(call, caller, ports)
    if (!identified) return { kind: 'pass' }
    return await makeInSlot(call, identified, { caller, ports, signal })
  } catch (error) {
    const known = asWalletError(error)
    if (known.code === 'request.aborted') throw known
    ports.noteRefusal(caller, known.code, known.details)
    const reply =
      known.code === 'provider.network' ? null : refuse(call.url, known, shapeOf(identified))
    if (!reply) throw known
    return reply
  }
}

/** In whose error shape a refusal is told: that of the host, or of the provider the valet key is for. */
function shapeOf(identified: IdentifiedCall | null): Provider | null {
  if (!identified || identified.provider) return identified?.provider ?? null
  const { provider } = identified.site
  return provider && providerById(provider)
}

interface Surroundings {
  readonly caller: Caller
  readonly ports: ProxyPorts
  readonly signal: AbortSignal
}

/** A place among the grant's calls is taken before a body is read: bodies are large (C61, C62). */
async function makeInSlot(
  call: PageCall,
  { provider: known, site }: IdentifiedCall,
  surroundings: Surroundings,
): Promise<CallReply> {
  const { caller, ports, signal } = surroundings
  const opened = await openGrant(site, ports)
  if (!known && isUnified(call.url)) return makeUnified(call, { site, opened }, surroundings)
  // The browser itself adds the key to the requests of such a site: one that came here is one of them.
  if (opened.grant.terms.lane === 'inject') return { kind: 'pass' }
  const provider = known ?? (await locate(new URL(call.url), site.provider, opened))
  if (!provider) {
    if ('grantRef' in call.credential) throw new WalletError('request.unsupported')
    // C30: no server of the person's; the valet key is worthless there.
    ports.noteForeignHost(caller, new URL(call.url).host)
    return { kind: 'pass' }
  }
  await assertReachable(provider, ports)
  const slot = ports.rateLimits.take(opened.grant.id, opened.grant.terms.limits, ports.clock())
  try {
    const admitted = await admit(call, provider, opened, ports)
    stopIfAborted(signal)
    return await make(admitted, { call, site, slot }, surroundings)
  } catch (error) {
    slot.release()
    throw error
  }
}

/** The body is read in the slot too: it names the provider. */
async function makeUnified(
  unified: PageCall,
  { site, opened }: { readonly site: IndexedSite; readonly opened: OpenedGrant },
  surroundings: Surroundings,
): Promise<CallReply> {
  const { ports, signal } = surroundings
  const { id, terms } = opened.grant
  // Nothing is proxied for such a site, and its own request would reach nobody.
  if (terms.lane === 'inject') throw new WalletError('request.unsupported')
  const slot = ports.rateLimits.take(id, terms.limits, ports.clock())
  try {
    const { call, provider, translate } = await toNativeCall(unified, site, opened, ports)
    await assertReachable(provider, ports)
    const admitted = await admit(call, provider, opened, ports)
    stopIfAborted(signal)
    return await translate(await make(admitted, { call, site, slot }, surroundings))
  } catch (error) {
    slot.release()
    throw error
  }
}

/** C27: a server of the person's own is reached only while the browser holds a yes for its very origin. */
async function assertReachable({ place }: Provider, ports: ProxyPorts): Promise<void> {
  if (place && !(await ports.mayReach(place.origin))) throw new WalletError('provider.unavailable')
}

interface CallInSlot {
  readonly call: PageCall
  readonly site: IndexedSite
  readonly slot: CallSlot
}

async function make(
  first: AdmittedCall,
  { call, site, slot }: CallInSlot,
  { caller, ports, signal }: Surroundings,
): Promise<CallReply> {
  const requestId = createId<RequestId>(ports.random)
  const bound = boundOf(first, ports)
  let asked = false
  const askFor = async (judged: AdmittedCall, most: CallBound): Promise<AdmittedCall> => {
    const boundNanoUsd = 'unbounded' in most ? null : most.boundNanoUsd
    const { grant, facts, provider } = judged
    const why = asked ? null : askReason(judged.decision, grant.terms, boundNanoUsd)
    if (why === null) return judged
    asked = true
    const question = { requestId, origin: caller.origin, grant, provider: provider.id, signal }
    const expectedNanoUsd = expectedCost(boundInput(judged, ports))
    await askPerson({ ...question, model: facts.model, boundNanoUsd, expectedNanoUsd, why }, ports)
    return judgeAgain(judged, site, ports)
  }
  const admitted = await askFor(first, bound)
  const { terms, id: grantId } = admitted.grant
  const { body, usageAddedByUs } = prepareBody(admitted)
  let nextId: RequestId | null = requestId
  const sent = await sendByPool(admitted, ports, async (key) => {
    // Built before anything is reserved: a header no one could send must not cost a budget.
    const request = outgoing(admitted, call, body, key.secret)
    stopIfAborted(signal)
    // C73: each send is a request of its own, held and charged on its own.
    const about = {
      requestId: nextId ?? createId<RequestId>(ports.random),
      ...{ grantId, keyId: key.keyId, provider: admitted.provider.id },
      ...{ model: admitted.facts.model, capability: capabilityOf(admitted) },
      lane: 'proxy' as const,
    }
    const media = hasMedia(admitted.facts)
    const price = ownPrice(key, admitted.facts.model)
    const most = price ? boundOf(admitted, ports, price) : bound
    // With a key that is dearer by the person's own word it may be one to ask about after all.
    await askFor(admitted, most)
    const reservation = await holdBound(about, { bound: most, terms, media, price }, ports)
    nextId = null
    const held = { admitted, caller, request, key, usageAddedByUs, reservation }
    return send({ ...held, slot, signal, ports })
  })
  if (sent.meaning !== null) {
    // Held until here: another key took the same place among the grant's calls.
    slot.release()
    const code = REFUSALS[sent.meaning]
    if (code) ports.noteRefusal(caller, code)
  }
  return sent.reply
}

/** What a provider's own refusal means for the person. */
const REFUSALS: Readonly<Partial<Record<KeyTest['outcome'], ErrorCode>>> = {
  refused: 'provider.unauthorized',
  limited: 'provider.rate_limited',
}

function boundOf(admitted: AdmittedCall, ports: ProxyPorts, price?: OwnPrice): CallBound {
  return boundCall(boundInput(admitted, ports, price))
}

function boundInput(admitted: AdmittedCall, ports: ProxyPorts, price?: OwnPrice): BoundInput {
  const { maxOutputTokens } = admitted.grant.terms.limits
  return { ...admitted, maxOutputTokens, at: ports.clock(), ...(price ? { price } : {}) }
}

/** Larger text goes to the network by handle: as a string it would be copied while everything waits. */
const BLOB_FROM_LENGTH = 256 * 1024

/** The body as it is judged, counted and sent: re-serialised from the parsed value (C41). */
function prepareBody({ provider, endpoint, body, grant }: AdmittedCall): {
  body: OutgoingRequest['body']
  usageAddedByUs: boolean
} {
  if (body.kind === 'none') return { body: null, usageAddedByUs: false }
  if (body.kind === 'form') return { body: body.form, usageAddedByUs: false }
  if (body.kind === 'media') return { body: body.media, usageAddedByUs: false }
  const prepared = provider.prepareBody(endpoint, body.json, grant.terms.limits)
  const text = JSON.stringify(prepared.body)
  return {
    body: text.length < BLOB_FROM_LENGTH ? text : blobOfText(text),
    usageAddedByUs: prepared.usageAddedByUs,
  }
}

function outgoing(
  admitted: AdmittedCall,
  call: PageCall,
  body: OutgoingRequest['body'],
  secret: ProviderKey,
): OutgoingRequest {
  const headers = outgoingHeaders(call.headers, admitted, secret)
  if (admitted.body.kind === 'media') headers.set('content-type', admitted.body.media.type)
  if (admitted.body.kind === 'json') headers.set('content-type', 'application/json')
  return { method: admitted.endpoint.method, url: outgoingUrl(admitted.url), headers, body }
}

function capabilityOf({ endpoint }: AdmittedCall): Capability | null {
  const { capability } = endpoint
  return capability === 'models' || capability === 'tokens' ? null : capability
}
