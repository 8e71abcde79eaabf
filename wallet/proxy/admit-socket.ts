/** Step one of a socket: who asks, for what, and may they. Nothing is reserved or opened here. */
import { WalletError, isValetKey, type Grant, type KeyId } from '../protocol/index.ts'
import {
  matchSocket,
  parseCallUrl,
  type CallFacts,
  type Provider,
  type SocketAsk,
  type SocketEndpoint,
  type SocketSession,
} from '../providers/index.ts'
import { evaluate } from '../grants/index.ts'
import type { OpenedGrant } from './admit.ts'
import type { CallVault } from './ports.ts'
import { outgoingUrl } from './outgoing-url.ts'
import type { PageSocket } from './socket-ports.ts'

/** A socket that may be opened, every part of it parsed and judged. */
export interface AdmittedSocket {
  readonly grant: Grant
  readonly vault: CallVault
  readonly provider: Provider
  readonly endpoint: SocketEndpoint
  readonly session: SocketSession
  /** Without a credential of any kind. */
  readonly url: URL
  readonly protocols: readonly string[]
  /** The keys the grant offers, first choice first. */
  readonly keyIds: readonly KeyId[]
}

/**
 * Parses and judges a socket.
 * @throws the code of the first rule that refuses it
 */
export function admitSocket(
  asked: PageSocket,
  provider: Provider,
  opened: OpenedGrant,
  now: number,
): AdmittedSocket {
  if (!/^wss:/i.test(asked.url)) throw new WalletError('request.invalid', { reason: 'scheme' })
  // One reader for every address: a socket's differs from a call's by its scheme alone (C23–C26).
  const url = new URL(outgoingUrl(parseCallUrl(asked.url.replace(/^wss:/i, 'https:'))))
  url.protocol = 'wss:'
  const endpoint = matchSocket(provider, url)
  if (!endpoint) throw new WalletError('request.unsupported')
  const session = endpoint.openSession(url)
  // C33: the credential among them is gone, and so is whoever an app says should pay.
  const protocols = asked.protocols.filter(
    (name) => endpoint.protocols.test(name) && !isValetKey(name),
  )
  const admitted = { ...opened, provider, endpoint, session, url, protocols, keyIds: [] }
  return judgeSocket(admitted, opened, now)
}

/** Judges it by the grant as it is now: it may be expired, changed or taken back meanwhile (C74, C75). */
export function judgeSocket(
  admitted: AdmittedSocket,
  { grant, vault }: OpenedGrant,
  now: number,
): AdmittedSocket {
  const { model } = admitted.session
  // Where the first frame names the model, that frame is judged by the grant's own list.
  const judged = model === null ? withoutModels(grant) : grant
  const keyIds = decide(admitted, { grant: judged, model, needs: [], now })
  return { ...admitted, grant, vault, keyIds }
}

/**
 * Judges what a frame asks for: the same grant, the same key.
 * @throws `grant.model_denied`, `grant.capability_denied` and what else the grant says
 */
export function judgeFrame(
  admitted: AdmittedSocket,
  ask: SocketAsk,
  { keyId, now }: { readonly keyId: KeyId; readonly now: number },
): void {
  const { grant, session } = admitted
  const models: readonly (string | null)[] = ask.models.length > 0 ? ask.models : [session.model]
  for (const model of models) {
    const keyIds = decide(admitted, { grant, model, needs: ask.needs, now })
    if (!keyIds.includes(keyId)) throw new WalletError('grant.model_denied', { model: model ?? '' })
  }
}

interface Judged extends Pick<CallFacts, 'model' | 'needs'> {
  readonly grant: Grant
  readonly now: number
}

function decide(
  { provider, endpoint, url }: AdmittedSocket,
  { grant, model, needs, now }: Judged,
): readonly KeyId[] {
  const decision = evaluate({
    ...{ grant, provider: provider.id, now },
    endpoint: { method: 'GET', capability: endpoint.capability },
    facts: { path: url.pathname, model, needs, unbounded: true },
  })
  if (decision.outcome === 'deny') throw new WalletError(decision.code, decision.details)
  return decision.keyIds
}

/** The same grant for any model: nothing but the model is left to be judged later. */
function withoutModels(grant: Grant): Grant {
  const providers = grant.terms.providers.map((each) => ({
    ...each,
    models: each.models === 'any' || each.models.length > 0 ? ('any' as const) : [],
  }))
  return { ...grant, terms: { ...grant.terms, providers } }
}
