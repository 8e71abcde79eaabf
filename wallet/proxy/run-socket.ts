/** The way of a socket: admit → ask → reserve → open → judge and scrub each frame → settle. */
import { boundCall, type CallBound, type CallSlot } from '../metering/index.ts'
import {
  WalletError,
  asWalletError,
  createId,
  isWalletError,
  type RequestId,
} from '../protocol/index.ts'
import type { CallFacts } from '../providers/index.ts'
import { identify, locate, openGrant } from './admit.ts'
import { admitSocket, judgeSocket, type AdmittedSocket } from './admit-socket.ts'
import { askPerson } from './ask-person.ts'
import type { Caller, IndexedSite } from './call.ts'
import { holdBound } from './hold-bound.ts'
import { LiveSocket } from './live-socket.ts'
import { openFirstKey } from './open-key.ts'
import type { PageSocket, SocketHandle, SocketListener, SocketPorts } from './socket-ports.ts'
import { stopIfAborted } from './stop-if-aborted.ts'

/** `pass`: not ours, the page opens its own socket. */
export type SocketReply =
  { readonly kind: 'pass' } | { readonly kind: 'socket'; readonly socket: SocketHandle }

interface SocketSurroundings {
  readonly caller: Caller
  readonly ports: SocketPorts
  readonly listener: SocketListener
  /** Its reason is a `WalletError`: why the socket ends. */
  readonly signal: AbortSignal
}

/**
 * Opens one socket for a page. Everything after the reply is told to the listener.
 * @throws why it is refused; nothing was sent then
 */
export async function runSocket(
  asked: PageSocket,
  surroundings: SocketSurroundings,
): Promise<SocketReply> {
  const { caller, ports } = surroundings
  try {
    const call = { method: 'GET', headers: [], body: { kind: 'none' as const }, ...asked }
    const identified = await identify(call, caller, ports)
    if (!identified) return { kind: 'pass' }
    const { site } = identified
    const opened = await openGrant(site, ports)
    const url = new URL(asked.url.replace(/^ws/i, 'http'))
    const provider = identified.provider ?? (await locate(url, site.provider, opened))
    if (!provider) {
      // C30: no server of the person's; the valet key is worthless there.
      ports.noteForeignHost(caller, url.host)
      return { kind: 'pass' }
    }
    const slot = ports.rateLimits.take(opened.grant.id, opened.grant.terms.limits, ports.clock())
    try {
      const admitted = admitSocket(asked, provider, opened, ports.clock())
      // Without it the handshake would go out with no key, and with our own origin.
      if (!(await ports.mayDial(admitted.url.host))) {
        throw new WalletError('grant.capability_denied', { capability: 'realtime' })
      }
      return { kind: 'socket', socket: await open(admitted, { site, slot }, surroundings) }
    } catch (error) {
      slot.release()
      throw error
    }
  } catch (error) {
    const known = asWalletError(error)
    if (known.code !== 'request.aborted') ports.noteRefusal(caller, known.code, known.details)
    throw known
  }
}

async function open(
  first: AdmittedSocket,
  { site, slot }: { readonly site: IndexedSite; readonly slot: CallSlot },
  { caller, ports, listener, signal }: SocketSurroundings,
): Promise<SocketHandle> {
  const requestId = createId<RequestId>(ports.random)
  const bound = boundOf(first, ports.clock())
  // Nothing bounds what is said in a room that stays open: each socket is the person's own choice.
  const question = { requestId, origin: caller.origin, grant: first.grant, signal }
  await askPerson(
    {
      ...{ ...question, provider: first.provider.id, model: first.session.model },
      ...{ boundNanoUsd: null, expectedNanoUsd: null, why: 'unbounded' },
    },
    ports,
  )
  const admitted = judgeSocket(first, await openGrant(site, ports), ports.clock())
  const { grant, provider, endpoint, session } = admitted
  // A handshake does not say why it failed, so no other key is tried after it.
  const key = await openFirstKey(admitted.keyIds, provider, admitted.vault)
  if (isWalletError(key)) throw key
  const about = {
    ...{ requestId, grantId: grant.id, keyId: key.keyId, provider: provider.id },
    ...{ model: session.model, capability: endpoint.capability, lane: 'proxy' as const },
  }
  const reservation = await holdBound(about, { bound, terms: grant.terms, media: true }, ports)
  stopIfAborted(signal)
  ports.noteCall(caller, provider.id)
  return new LiveSocket({
    ...{ caller, admitted, key, reservation, slot, ports, listener, signal },
  }).dial()
}

/** A room kept open has no bound: one answer of the length the grant allows is what is held for it. */
function boundOf(
  { provider, endpoint, session, url, grant }: AdmittedSocket,
  at: number,
): CallBound {
  const facts: CallFacts = {
    ...{ path: url.pathname, model: session.model, needs: [], stream: true, outputLimit: null },
    ...{ choices: 1, unbounded: true },
    input: { textBytes: 0, messages: 1, tools: 0, images: 0, files: 0 },
  }
  const { maxOutputTokens } = grant.terms.limits
  return boundCall({ provider, endpoint, facts, maxOutputTokens, at })
}
