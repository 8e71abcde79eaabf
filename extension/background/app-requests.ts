/** What an app of the SDK asks for besides calls: to be connected, what it spent, to be let go. */
import {
  toWire,
  type BackgroundMessage,
  type ConnectRequest,
  type ConnectedGrant,
  type GrantUsage,
  type PageMessage,
} from '@valetkey/wallet/protocol'
import type { Caller } from '@valetkey/wallet/proxy'
import type { CallSlots } from './call-slots.ts'

/** How a question to the person begins and ends. */
export interface Asking {
  /** Nobody is asked. */
  readonly quiet: boolean
  /** Whether the app is what the person looks at. */
  readonly isShown: () => Promise<boolean>
  readonly signal: AbortSignal
}

/** What the requests of apps need of the wallet, and of their port. */
export interface AppSurroundings {
  readonly connectApp: (
    request: ConnectRequest,
    caller: Caller,
    asking: Asking,
  ) => Promise<ConnectedGrant>
  readonly appUsage: (grantRef: string, caller: Caller) => Promise<GrantUsage>
  readonly disconnectApp: (grantRef: string, caller: Caller) => Promise<void>
  /** @returns the public token for the app's server */
  readonly linkApp: (request: LinkRequest, caller: Caller, asking: Asking) => Promise<string>
  readonly slots: CallSlots
}

export type AppMessage = Extract<PageMessage, { type: 'connect' | 'usage' | 'disconnect' | 'link' }>
/** Which app's server asks, by its own server's word, and where. */
export type LinkRequest = Pick<Extract<PageMessage, { type: 'link' }>, 'linkToken' | 'server'>

export class AppRequests {
  readonly #caller: Caller
  readonly #surroundings: AppSurroundings
  readonly #post: (message: BackgroundMessage) => void
  readonly #isShown: Asking['isShown']
  readonly #open = new Set<AbortController>()

  constructor(
    caller: Caller,
    surroundings: AppSurroundings,
    ends: Pick<Asking, 'isShown'> & { readonly post: (message: BackgroundMessage) => void },
  ) {
    this.#caller = caller
    this.#surroundings = surroundings
    this.#post = ends.post
    this.#isShown = ends.isShown
  }

  /** Answers one request; a refusal names its code. */
  async answer(message: AppMessage): Promise<void> {
    const { callId } = message
    const abort = new AbortController()
    this.#open.add(abort)
    let release: (() => void) | undefined
    try {
      release = this.#surroundings.slots.take(callId)
      this.#post(await this.#serve(message, abort.signal))
    } catch (error) {
      this.#post({ type: 'call.error', callId, ...toWire(error, callId) })
    } finally {
      release?.()
      this.#open.delete(abort)
    }
  }

  /** The page is gone: nobody waits for the person's answer. */
  abortAll(): void {
    for (const abort of this.#open) abort.abort()
  }

  async #serve(message: AppMessage, signal: AbortSignal): Promise<BackgroundMessage> {
    const { connectApp, appUsage, disconnectApp, linkApp } = this.#surroundings
    const { callId } = message
    switch (message.type) {
      case 'connect': {
        const asking = { quiet: message.quiet, isShown: this.#isShown, signal }
        const grant = await connectApp(message.request, this.#caller, asking)
        return { type: 'connected', callId, grant }
      }
      case 'usage': {
        const usage = await appUsage(message.grantRef, this.#caller)
        return { type: 'usage', callId, usage }
      }
      case 'disconnect':
        await disconnectApp(message.grantRef, this.#caller)
        return { type: 'disconnected', callId }
      case 'link': {
        const asking = { quiet: false, isShown: this.#isShown, signal }
        return { type: 'linked', callId, publicToken: await linkApp(message, this.#caller, asking) }
      }
    }
  }
}
