/** A call of an app server: a call of its grant like a page's, only that nobody sits before it. */
import { UNIFIED_ORIGIN, WalletError, providerIdSchema, type Grant } from '../protocol/index.ts'
import { providerById } from '../providers/index.ts'
import type { CallReply, Caller } from './call.ts'
import { credentialHash } from './credential-hash.ts'
import { listModels } from './list-models.ts'
import type { ProxyPorts } from './ports.ts'
import { runCall } from './run-call.ts'

/** What the relay hands over; hostile until admitted. */
interface CallOfServer {
  readonly method: string
  /** `/v1/…` of the unified address, or `/passthrough/PROVIDER/…` */
  readonly path: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array<ArrayBuffer>
}

/**
 * Makes a relayed call by the way of every call: the grant is read, judged, metered and settled there.
 * @param grant whose call it is, as the vault holds it now
 * @throws `grant.missing` for a page's grant; `request.unsupported`; and what {@link runCall} throws
 */
export async function runRelayedCall(
  call: CallOfServer,
  grant: Pick<Grant, 'id' | 'subject'>,
  ports: ProxyPorts,
  signal: AbortSignal,
): Promise<Extract<CallReply, { kind: 'response' }>> {
  const { id: grantId, subject } = grant
  // C106: a site's grant is its pages' alone, whatever a server names.
  if (!('clientId' in subject)) throw new WalletError('grant.missing')
  if (call.method === 'GET' && call.path === '/v1/models') return listModels(grantId, ports)
  const caller: Caller = { origin: subject.clientId, incognito: false }
  const credential = { grantRef: grantId }
  const own = credentialHash(credential)
  const { method, path, headers, body } = call
  const reply = await runCall(
    {
      ...{ method, url: urlOf(path), headers, credential },
      body: body.length === 0 ? { kind: 'none' } : { kind: 'bytes', bytes: body },
    },
    caller,
    {
      ...ports,
      findSite: (_caller, hash) =>
        Promise.resolve(hash === own ? { grantId, provider: null } : null),
      // Nobody is there to be asked, and a flood of calls must not become one of prompts (C106).
      ask: () => Promise.reject(new WalletError('grant.consent_required')),
    },
    signal,
  )
  if (reply.kind === 'pass') throw new WalletError('request.unsupported')
  return reply
}

/** The provider's first host stands for all of them: an app server has no other to name. */
function urlOf(path: string): string {
  const [, provider = '', rest = ''] = /^\/passthrough\/([^/?#]+)(\/.*)$/s.exec(path) ?? []
  if (provider === '') return UNIFIED_ORIGIN + path
  const known = providerIdSchema.safeParse(provider)
  const host = known.success ? providerById(known.data).hosts[0] : undefined
  // Where a person's own server stands is no business of an app's server.
  if (host === undefined) throw new WalletError('request.unsupported')
  return `https://${host}${rest}`
}
