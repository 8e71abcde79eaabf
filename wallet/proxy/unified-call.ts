/** A call to the unified address: whose its model is, and the call of that provider it stands for. */
import { UNIFIED_ORIGIN, WalletError, createId, keysOf } from '../protocol/index.ts'
import { parseCallUrl, placeProvider, providerById, type Provider } from '../providers/index.ts'
import { readUnifiedModel, translateChat, type UnifiedModel } from '../providers/translate/index.ts'
import type { OpenedGrant } from './admit.ts'
import type { CallReply, IndexedSite, PageCall } from './call.ts'
import type { ProxyPorts } from './ports.ts'
import { parseBody } from './request-body.ts'
import { translateReply } from './translate-reply.ts'

const OPENAI = providerById('openai')

/** A call as its provider takes it. */
interface NativeCall {
  readonly call: PageCall
  readonly provider: Provider
  readonly translate: (reply: CallReply) => Promise<CallReply>
}

/**
 * Reads what is asked for and writes it as the provider's own call, which then goes the way of any other:
 * nothing is judged here, and nothing is left unjudged.
 * @throws `request.untranslatable` for what the provider has no words for; `request.unsupported` for
 * another address or method; `grant.denied` for a model of a provider the credential is not good for
 */
export async function toNativeCall(
  call: PageCall,
  site: IndexedSite,
  opened: OpenedGrant,
  ports: Pick<ProxyPorts, 'clock' | 'random'>,
): Promise<NativeCall> {
  assertAddress(call)
  const body = await parseBody({ body: 'json' }, call.body, '')
  if (body.kind !== 'json') throw new WalletError('request.invalid', { reason: 'body' })
  const model = readUnifiedModel(body.json)
  // C30: a valet key is one provider's, whatever else its grant names.
  if (site.provider !== null && site.provider !== model.provider) {
    throw new WalletError('grant.denied', { term: 'providers' })
  }
  const provider = await whereItStands(model, opened)
  const { path, body: native, replies } = translateChat(body.json, model)
  const root = provider.place
    ? provider.place.origin + provider.place.path
    : `https://${String(provider.hosts[0])}`
  const facts = {
    id: `chatcmpl-${createId(ports.random)}`,
    createdAt: Math.floor(ports.clock() / 1000),
  }
  return {
    call: { ...call, url: root + path, body: { kind: 'text', text: JSON.stringify(native) } },
    // What breaks off midway is worded for the client that listens.
    provider: replies ? provider : { ...provider, streamError: (why) => OPENAI.streamError(why) },
    translate: (reply) => translateReply(reply, replies?.(facts) ?? null),
  }
}

/** @throws `request.invalid`, `request.unsupported` */
function assertAddress({ url: given, method }: PageCall): void {
  const url = parseCallUrl(given)
  const isChat = url.pathname === '/v1/chat/completions' && url.search === ''
  if (url.origin !== UNIFIED_ORIGIN || method !== 'POST' || !isChat) {
    throw new WalletError('request.unsupported')
  }
}

/** A server of the person's own stands where the first of the grant's keys says. */
async function whereItStands(
  { provider: id }: UnifiedModel,
  { grant, vault }: OpenedGrant,
): Promise<Provider> {
  const provider = providerById(id)
  if (provider.places === undefined) return provider
  const named = grant.terms.providers.filter((each) => each.provider === id)
  if (named.length === 0) throw new WalletError('grant.denied', { term: 'providers' })
  for (const keyId of named.flatMap(({ keys }) => keysOf(keys))) {
    // A key that is gone or cannot be read names no place.
    const key = await vault.openKey(keyId).catch(() => null)
    const placed = key?.provider === id ? placeProvider(provider, key.baseUrl) : null
    if (placed) return placed
  }
  throw new WalletError('request.not_found')
}
