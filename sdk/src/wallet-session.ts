import { UNIFIED_ORIGIN } from '@valetkey/wallet/protocol/unified-origin'
import { openChannel, type Channel } from './channel.ts'
import type { Chat, ChatParts } from './chat.ts'
import type { ConnectedGrant, GrantUsage, SessionStatus } from './grant.ts'
import { callWallet } from './session-fetch.ts'
import type { Session, SessionEvent } from './session.ts'
import { ValetKeyError, type ErrorCode } from './valet-key-error.ts'

/** Refusals after which no call of this session is made any more. */
const ENDS: readonly string[] = [
  'grant.missing',
  'grant.revoked',
  'grant.expired',
] satisfies ErrorCode[]

/** A session over a channel to the wallet. */
export class WalletSession implements Session {
  readonly grant: ConnectedGrant
  readonly apiKey = 'valetkey'
  readonly baseURL = `${UNIFIED_ORIGIN}/v1`
  readonly fetch: typeof globalThis.fetch
  readonly chat: Chat
  readonly #listeners = new Map<SessionEvent, Set<() => void>>()
  #channel: Channel
  #status: SessionStatus = 'on'

  constructor(channel: Channel, grant: ConnectedGrant) {
    this.grant = grant
    this.#channel = channel
    this.fetch = async (...args) => {
      const reply = await callWallet(() => this.#open(), grant.id, args)
      const code = reply.headers.get('x-valetkey-error')
      if (code === 'budget.exceeded') this.#tell('budget')
      if (code !== null && ENDS.includes(code)) this.#change('none')
      return reply
    }
    // Loaded with the first chat: many apps bring a library of their own.
    this.chat = (async (...asked: Parameters<Chat>) => {
      const { createChat } = await import('./chat.ts')
      const { fetch, baseURL } = this
      return createChat({ fetch, baseURL, createError })(...asked)
    }) as Chat
    this.#watch()
    addEventListener('pageshow', ({ persisted }) => {
      // What happened while the page was kept for the way back.
      if (persisted) void this.#channel.status()
    })
  }

  get status(): SessionStatus {
    return this.#status
  }

  on(event: SessionEvent, listener: () => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners.add(listener))
    return () => {
      listeners.delete(listener)
    }
  }

  async usage(): Promise<GrantUsage> {
    const channel = await this.#open()
    return (await channel.ask({ type: 'usage', grantRef: this.grant.id }, 'usage')).usage
  }

  async disconnect(): Promise<void> {
    const channel = await this.#open()
    await channel.ask({ type: 'disconnect', grantRef: this.grant.id }, 'disconnected')
    this.#change('none')
  }

  /** The channel, or a new one where the frame or the worker behind it is gone. */
  async #open(): Promise<Channel> {
    if (this.#status === 'none') throw new ValetKeyError('grant.revoked')
    if (!this.#channel.isOpen) {
      this.#channel = await openChannel()
      this.#watch()
    }
    return this.#channel
  }

  #watch(): void {
    const channel = this.#channel
    channel.watch((status) => {
      if (channel.isOpen) this.#change(status)
    })
  }

  #change(status: SessionStatus): void {
    const before = this.#status
    // What has ended does not begin again: `connect` gives a new session.
    if (status === before || before === 'none') return
    this.#status = status
    this.#tell(EVENTS[status])
  }

  #tell(event: SessionEvent): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener()
  }
}

const createError: ChatParts['createError'] = (code, details, said) =>
  new ValetKeyError(code, { details, message: said })

const EVENTS = {
  on: 'resumed',
  paused: 'paused',
  locked: 'locked',
  none: 'revoked',
} as const satisfies Record<SessionStatus, SessionEvent>
