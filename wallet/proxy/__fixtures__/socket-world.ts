import { vi } from 'vitest'
import { defaultTerms } from '../../grants/index.ts'
import { createLedger, createRateLimits, type LimitPorts } from '../../metering/index.ts'
import {
  WalletError,
  createValetKey,
  toBase64url,
  type ErrorCode,
  type Grant,
  type GrantId,
  type KeyId,
  type ProviderId,
  type ProviderKey,
  type Terms,
  type ValetKeyShapeId,
} from '../../protocol/index.ts'
import { sha256 } from '../../crypto/index.ts'
import { createFakeClock, createMemoryLedgerStore, createSeededRandom } from '../../testing/index.ts'
import { runSocket, type SocketReply } from '../run-socket.ts'
import type {
  OutgoingSocket,
  PageSocket,
  SocketData,
  SocketEnd,
  SocketHandle,
  SocketListener,
  SocketPorts,
} from '../socket-ports.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const APP = { origin: 'https://app.example.test', incognito: false }
const GRANT_ID = 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId
const KEY_ID = 'BBBBBBBBBBBBBBBBBBBBBQ' as KeyId
export const SECRET = ['sk-', 'aB3dE6gH9jK2mN5pQ8sT1vW4'].join('')
export const random = createSeededRandom('run-socket')
const SHAPES: Partial<Record<ProviderId, ValetKeyShapeId>> = {
  ...{ openai: 'sk-48', google: 'AQ-44', xai: 'xai-80', deepgram: 'hex-40', elevenlabs: 'sk_hex-48' },
}
export const REALTIME = 'wss://api.openai.com/v1/realtime?model=gpt-realtime'
export const LIVE =
  'wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'
export const USAGE = {
  input_tokens: 100,
  output_tokens: 50,
  input_token_details: { cached_tokens: 20 },
}
export const DONE = { type: 'response.done', response: { status: 'completed', usage: USAGE } }

/** One wallet around one grant, and the provider's end of the last socket it opened. */
export class World {
  readonly provider: ProviderId
  readonly valetKey: string
  readonly store = createMemoryLedgerStore()
  readonly dialled: OutgoingSocket[] = []
  readonly sent: SocketData[] = []
  readonly closes: (number | undefined)[] = []
  readonly heard: SocketData[] = []
  readonly ends: SocketEnd[] = []
  readonly refusals: ErrorCode[] = []
  readonly foreign: string[] = []
  baseUrl: string | null = null
  keyOf: ProviderId | null = null
  readonly abort = new AbortController()
  mayDial = true
  says: 'allow' | 'deny' | 'timeout' = 'allow'
  asked = 0
  end: SocketListener | null = null
  handle: SocketHandle | null = null
  grant: Grant
  /** Where other devices have their parts of the budget; null: there are none. */
  limits: LimitPorts | null = null

  constructor(provider: ProviderId = 'openai', change: Partial<Terms['providers'][number]> = {}) {
    this.provider = provider
    this.valetKey = createValetKey(SHAPES[provider] ?? 'sk-48', random)
    const terms = defaultTerms({ now: NOW, keys: [{ provider, keyId: KEY_ID }] })
    this.grant = {
      ...{ id: GRANT_ID, subject: { origin: APP.origin }, status: 'active', createdAt: NOW },
      terms: {
        ...terms,
        providers: terms.providers.map((each) => ({
          ...each,
          capabilities: ['chat', 'realtime'],
          ...change,
        })),
      },
    }
  }

  readonly #clock = createFakeClock(NOW)
  readonly ports = (): SocketPorts => ({
    clock: () => this.#clock.now(),
    random,
    ledger: createLedger({
      ...{ store: this.store, clock: () => this.#clock.now() },
      ...(this.limits && { limits: this.limits }),
    }),
    rateLimits: createRateLimits(),
    forward: () => Promise.reject(new WalletError('internal')),
    findSite: (caller, hash) => {
      const own = toBase64url(sha256(new TextEncoder().encode(this.valetKey)))
      return Promise.resolve(
        caller.origin === APP.origin && hash === own
          ? { grantId: GRANT_ID, provider: this.provider }
          : null,
      )
    },
    openVault: () =>
      Promise.resolve({
        readGrant: () => Promise.resolve(this.grant),
        openKey: (keyId) =>
          Promise.resolve({
            ...{ keyId, provider: this.keyOf ?? this.provider, baseUrl: this.baseUrl },
            secret: SECRET as ProviderKey,
          }),
      }),
    isPaused: () => Promise.resolve(false),
    ask: () => {
      this.asked += 1
      return Promise.resolve(this.says)
    },
    noteRefusal: (_caller, code) => this.refusals.push(code),
    noteForeignHost: (_caller, host) => this.foreign.push(host),
    noteCall: () => undefined,
    noteKeyRefused: () => undefined,
    keyTurns: { read: () => Promise.resolve(null), write: () => undefined },
    mayReach: () => Promise.resolve(true),
    mayDial: () => Promise.resolve(this.mayDial),
    dial: (socket, listener) => {
      this.dialled.push(socket)
      this.end = listener
      return {
        send: (data) => this.sent.push(data),
        close: (code) => this.closes.push(code),
      }
    },
  })

  async open(url = REALTIME, changes: Partial<PageSocket> = {}): Promise<SocketReply> {
    const listener: SocketListener = {
      onOpen: () => undefined,
      onFrame: (data) => this.heard.push(data),
      onSent: () => undefined,
      onClose: (end) => this.ends.push(end),
    }
    const protocols = ['realtime', `openai-insecure-api-key.${this.valetKey}`]
    const asked = { url, protocols, credential: { valetKey: this.valetKey }, ...changes }
    const surroundings = { caller: APP, ports: this.ports(), listener, signal: this.abort.signal }
    const reply = await runSocket(asked, surroundings)
    this.handle = reply.kind === 'socket' ? reply.socket : null
    this.end?.onOpen({ protocol: 'realtime', extensions: '' })
    return reply
  }

  say(event: object): void {
    this.end?.onFrame(JSON.stringify(event))
  }

  async row() {
    await vi.advanceTimersByTimeAsync(0)
    return (await this.store.usage(10))[0]
  }
}
