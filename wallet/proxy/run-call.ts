/** The way of a call: admit → ask → reserve → open → forward → scrub → settle. */
import {
  boundCall,
  hasMedia,
  type CallBound,
  type CallOutcome,
  type CallSlot,
} from '../metering/index.ts'
import {
  WalletError,
  createId,
  isWalletError,
  parseUsd,
  type Capability,
  type RequestId,
  type Reservation,
} from '../protocol/index.ts'
import type { Provider } from '../providers/index.ts'
import { admit, identify, providerOfCall, type AdmittedCall } from './admit.ts'
import type { CallReply, Caller, OpenedKey, PageCall } from './call.ts'
import { isOffline, type OutgoingRequest } from './forward.ts'
import { outgoingUrl } from './outgoing-url.ts'
import type { ProxyPorts } from './ports.ts'
import { receive } from './receive.ts'
import { refusalReply } from './refusal.ts'
import { outgoingHeaders } from './request-headers.ts'

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
  let provider: Provider | null = providerOfCall(call)
  try {
    const identified = await identify(call, caller, ports)
    if (!identified) return { kind: 'pass' }
    provider = identified.provider
    const admitted = await admit(call, identified.provider, identified.site, ports)
    return await make(admitted, call, caller, { ports, signal })
  } catch (error) {
    const known = isWalletError(error)
      ? error
      : new WalletError('internal', undefined, { cause: error })
    if (!provider || known.code === 'provider.network' || known.code === 'request.aborted')
      throw known
    ports.noteRefusal(caller, known.code)
    return refusalReply(known, provider)
  }
}

interface Surroundings {
  readonly ports: ProxyPorts
  readonly signal: AbortSignal
}

async function make(
  admitted: AdmittedCall,
  call: PageCall,
  caller: Caller,
  { ports, signal }: Surroundings,
): Promise<CallReply> {
  const requestId = createId<RequestId>(ports.random)
  const { terms, id: grantId } = admitted.grant
  const prepared = prepareBody(admitted)
  const { maxOutputTokens } = terms.limits
  const bound = boundCall({ ...admitted, maxOutputTokens, at: ports.clock() })
  await askIfNeeded(admitted, { requestId, origin: caller.origin, bound, signal }, ports)

  const slot = ports.rateLimits.take(grantId, terms.limits, ports.clock())
  try {
    const key = await openFirst(admitted)
    // Built before anything is reserved: a header no one could send must not cost a budget.
    const request = outgoing(admitted, call, prepared.body, key.secret)
    stopIfAborted(signal)
    const reservation = await ports.ledger.reserve({
      ...{ requestId, grantId, keyId: key.keyId, provider: admitted.provider.id },
      ...{ model: admitted.facts.model, capability: capabilityOf(admitted) },
      ...{ budgets: terms.budgets, requests: terms.requests, tokens: terms.tokens },
      ...amountsOf(bound),
      media: hasMedia(admitted.facts),
    })
    ports.noteCall(caller, admitted.provider.id)
    const { usageAddedByUs } = prepared
    return await send({ admitted, request, key, usageAddedByUs, reservation, slot, signal, ports })
  } catch (error) {
    slot.release()
    throw error
  }
}

/** The body as it is judged, counted and sent: re-serialised from the parsed value (C41). */
function prepareBody({ provider, endpoint, body, grant }: AdmittedCall): {
  body: OutgoingRequest['body']
  usageAddedByUs: boolean
} {
  if (body.kind === 'none') return { body: null, usageAddedByUs: false }
  if (body.kind === 'form') return { body: body.form, usageAddedByUs: false }
  const prepared = provider.prepareBody(endpoint, body.json, grant.terms.limits)
  return { body: JSON.stringify(prepared.body), usageAddedByUs: prepared.usageAddedByUs }
}

async function askIfNeeded(
  admitted: AdmittedCall,
  about: { requestId: RequestId; origin: string; bound: CallBound; signal: AbortSignal },
  ports: ProxyPorts,
): Promise<void> {
  const { requestId, origin, bound, signal } = about
  const boundNanoUsd = 'unbounded' in bound ? null : bound.boundNanoUsd
  const { askAbove } = admitted.grant.terms
  const isDear =
    askAbove !== undefined && boundNanoUsd !== null && boundNanoUsd > parseUsd(askAbove)
  if (!admitted.mustAsk && boundNanoUsd !== null && !isDear) return
  const { grant, facts, provider } = admitted
  const answer = await ports.ask({
    ...{ requestId, origin, grant, boundNanoUsd, signal },
    ...{ provider: provider.id, model: facts.model },
  })
  stopIfAborted(signal)
  if (answer === 'deny') throw new WalletError('grant.denied')
  if (answer === 'timeout') throw new WalletError('grant.consent_timeout')
}

/** The first key of the grant's choice that can be opened. */
async function openFirst({ keyIds, vault, provider }: AdmittedCall): Promise<OpenedKey> {
  const [keyId] = keyIds
  if (keyId === undefined) throw new WalletError('grant.denied')
  const key = await vault.openKey(keyId)
  // C78: a record swapped for another provider's must not send a key to the wrong host.
  if (key.provider !== provider.id) throw new WalletError('vault.corrupt')
  return key
}

function outgoing(
  admitted: AdmittedCall,
  call: PageCall,
  body: OutgoingRequest['body'],
  secret: string,
): OutgoingRequest {
  const headers = outgoingHeaders(call.headers, admitted, secret)
  if (typeof body === 'string') headers.set('content-type', 'application/json')
  return { method: admitted.endpoint.method, url: outgoingUrl(admitted.url), headers, body }
}

interface ReservedCall {
  readonly admitted: AdmittedCall
  readonly request: OutgoingRequest
  readonly key: OpenedKey
  readonly usageAddedByUs: boolean
  readonly reservation: Reservation
  readonly slot: CallSlot
  readonly signal: AbortSignal
  readonly ports: ProxyPorts
}

async function send(reserved: ReservedCall): Promise<CallReply> {
  const { admitted, request, key, reservation, slot, signal, ports } = reserved
  const settle = once(async (outcome: CallOutcome) => {
    slot.release()
    await ports.ledger.settle(reservation, outcome)
  })
  let response: Response
  try {
    response = await ports.forward(request, signal)
  } catch (error) {
    // Whether it left this machine cannot be known unless the machine is offline: the bound stands.
    const ending = signal.aborted ? 'aborted' : isOffline() ? 'denied' : 'failed'
    await settle({ ending, status: 0, usage: null, usageFinal: false, firstByteSeen: false })
    throw error
  }
  const date = response.headers.get('date')
  if (date !== null) await ports.ledger.noteProviderDate(date)
  const { provider, endpoint } = admitted
  const { usageAddedByUs } = reserved
  const { model, startedAt } = reservation
  return receive(response, {
    ...{ model, startedAt },
    provider,
    endpoint,
    secret: key.secret,
    usageAddedByUs,
    signal,
    settle,
  })
}

function amountsOf(bound: CallBound): { boundNanoUsd: number; boundTokens: number } {
  if (!('unbounded' in bound)) return bound
  return { boundNanoUsd: bound.partNanoUsd, boundTokens: bound.partTokens }
}

function capabilityOf({ endpoint }: AdmittedCall): Capability | null {
  const { capability } = endpoint
  return capability === 'models' || capability === 'tokens' ? null : capability
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new WalletError('request.aborted')
}

/** Settles once: an abort and the end of a stream may come at the same time. */
function once(settle: (outcome: CallOutcome) => Promise<void>): (o: CallOutcome) => Promise<void> {
  let settled = false
  return async (outcome) => {
    if (settled) return
    settled = true
    await settle(outcome)
  }
}
