import { defaultTerms } from '../../grants/index.ts'
import { createLedger, createRateLimits } from '../../metering/index.ts'
import {
  createValetKey,
  toBase64url,
  type ErrorCode,
  type Grant,
  type GrantId,
  type KeyId,
  type ProviderId,
  type ProviderKey,
  type UsageRow,
} from '../../protocol/index.ts'
import { sha256 } from '../../crypto/index.ts'
import { createFakeClock, createMemoryLedgerStore, createSeededRandom } from '../../testing/index.ts'
import type { CallReply, Caller, IndexedSite, PageCall } from '../call.ts'
import type { OutgoingRequest } from '../forward.ts'
import type { ProxyPorts } from '../ports.ts'
import { runCall } from '../run-call.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
export const APP: Caller = { origin: 'https://app.example.test', incognito: false }
export const GRANT_ID = 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId
export const KEY_ID = 'BBBBBBBBBBBBBBBBBBBBBQ' as KeyId
export const SECRET = ['sk-', 'aB3dE6gH9jK2mN5pQ8sT1vW4'].join('')
const random = createSeededRandom('run-call')
export const VALET_KEY = createValetKey('sk-48', random)
export const AT_HOSTS = { secret: SECRET as ProviderKey, baseUrl: null }
export const CHAT_URL = 'https://api.openai.com/v1/chat/completions'
export const REPLY = {
  id: 'c1',
  choices: [{ message: { content: 'Hello' } }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
}

/** One wallet around one grant, with everything it sent. */
export class World {
  readonly sent: OutgoingRequest[] = []
  readonly refusals: ErrorCode[] = []
  readonly foreignHosts: string[] = []
  readonly store = createMemoryLedgerStore()
  readonly clock = createFakeClock(NOW)
  provider: ProviderId = 'openai'
  answer: (request: OutgoingRequest, signal: AbortSignal) => Promise<Response> = () =>
    Promise.resolve(Response.json(REPLY))
  locked = false
  paused = false
  says: 'allow' | 'deny' | 'timeout' = 'deny'
  grant: Grant | null = {
    id: GRANT_ID,
    subject: { origin: APP.origin },
    status: 'active',
    terms: defaultTerms({ now: NOW, keys: [{ provider: 'openai', keyId: KEY_ID }] }),
    createdAt: NOW,
  }

  readonly ports: ProxyPorts = {
    clock: () => this.clock.now(),
    random,
    ledger: createLedger({ store: this.store, clock: () => this.clock.now() }),
    rateLimits: createRateLimits(),
    forward: (request, signal) => {
      this.sent.push(request)
      return this.answer(request, signal)
    },
    findSite: (caller, hash) =>
      Promise.resolve(caller.origin === APP.origin ? this.#siteOf(hash) : null),
    openVault: () =>
      Promise.resolve(
        this.locked
          ? null
          : {
              readGrant: () => Promise.resolve(this.grant),
              openKey: (keyId) => Promise.resolve({ keyId, provider: this.provider, ...AT_HOSTS }),
            },
      ),
    mayReach: () => Promise.resolve(false),
    isPaused: () => Promise.resolve(this.paused),
    ask: () => Promise.resolve(this.says),
    noteRefusal: (_caller, code) => this.refusals.push(code),
    noteForeignHost: (_caller, host) => this.foreignHosts.push(host),
    noteCall: () => undefined,
    noteKeyRefused: () => undefined,
    keyTurns: { read: () => Promise.resolve(null), write: () => undefined },
  }

  #siteOf(hash: string): IndexedSite | null {
    if (hash === hashOf(VALET_KEY)) return { grantId: GRANT_ID, provider: this.provider }
    return hash === hashOf(GRANT_ID) ? { grantId: GRANT_ID, provider: null } : null
  }

  call(changes: Partial<PageCall> = {}, caller = APP, signal = new AbortController().signal) {
    return runCall({ ...chat(), ...changes }, caller, this.ports, signal)
  }

  async rows(): Promise<readonly UsageRow[]> {
    return this.store.usage(100)
  }
}

export function chat(body: object = {}): PageCall {
  const text = JSON.stringify({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Hi' }],
    ...body,
  })
  return {
    method: 'POST',
    url: CHAT_URL,
    headers: [
      ['Authorization', `Bearer ${VALET_KEY}`],
      ['Content-Type', 'application/json'],
    ],
    body: { kind: 'text', text },
    credential: { valetKey: VALET_KEY },
  }
}

function hashOf(text: string): string {
  return toBase64url(sha256(new TextEncoder().encode(text)))
}

export async function read(
  reply: CallReply,
): Promise<{ status: number; headers: Record<string, string>; text: string }> {
  if (reply.kind !== 'response') throw new TypeError(reply.kind)
  const text = reply.body ? await new Response(reply.body).text() : ''
  return { status: reply.status, headers: Object.fromEntries(reply.headers), text }
}

export function sse(events: readonly object[]): Response {
  const text = [
    ...events.map((event) => `data: ${JSON.stringify(event)}\n\n`),
    'data: [DONE]\n\n',
  ].join('')
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } })
}
