/** One conversation with the wallet: messages out, and each answer to the one who waits for it. */
import type {
  AppStatus,
  BackgroundMessage,
  PageMessage,
  WireError,
} from '@valetkey/wallet/protocol'
import { CALL_LOST } from '@valetkey/wallet/protocol/call-lost'
import { ValetKeyError, type ErrorCode } from './valet-key-error.ts'
import { openWalletPort } from './wallet-port.ts'

/** What the wallet says about one request. */
export type Answer = Extract<BackgroundMessage, { callId: string }>
type Receiver = (message: Answer) => void
/** A request with an answer of its own. */
type Request = Extract<PageMessage, { type: 'connect' | 'usage' | 'disconnect' | 'link' }>
type Unnamed<T> = T extends unknown ? Omit<T, 'callId'> : never

export class Channel {
  readonly #port: MessagePort
  readonly #receivers = new Map<string, Receiver>()
  readonly #watchers = new Set<(status: AppStatus) => void>()
  /** False: what is asked from now on needs a channel of its own. */
  isOpen = true

  constructor(port: MessagePort) {
    this.#port = port
    port.onmessage = ({ data }: MessageEvent<BackgroundMessage>) => {
      this.#receive(data)
    }
    // The frame was taken out of the page, or the extension was updated or removed.
    port.addEventListener('close', () => {
      this.#lose()
    })
  }

  post(message: PageMessage): void {
    this.#port.postMessage(message)
  }

  /** Hands the messages about a call to `receiver` until it is closed. */
  open(callId: string, receiver: Receiver): void {
    this.#receivers.set(callId, receiver)
  }

  close(callId: string): void {
    this.#receivers.delete(callId)
  }

  /** Asks, and waits for the answer. @throws ValetKeyError as the wallet refuses it */
  ask<T extends Answer['type']>(
    request: Unnamed<Request>,
    answer: T,
  ): Promise<Extract<Answer, { type: T }>> {
    const callId = crypto.randomUUID()
    return new Promise((resolve, reject) => {
      this.open(callId, (message) => {
        this.close(callId)
        if (message.type === answer) resolve(message as Extract<Answer, { type: T }>)
        else
          reject(message.type === 'call.error' ? errorOf(message) : new ValetKeyError('internal'))
      })
      this.post({ ...request, callId })
    })
  }

  /** Asks how the session stands, now and each time the page is shown again. */
  status(): Promise<AppStatus> {
    return new Promise((resolve) => {
      const stop = this.watch((status) => {
        stop()
        resolve(status)
      })
      this.post({ type: 'hello', version: 1 })
    })
  }

  /** Hears of every change. @returns stops it */
  watch(watcher: (status: AppStatus) => void): () => void {
    this.#watchers.add(watcher)
    return () => {
      this.#watchers.delete(watcher)
    }
  }

  #receive(message: BackgroundMessage): void {
    if ('callId' in message) {
      this.#receivers.get(message.callId)?.(message)
      return
    }
    const status = message.type === 'ready' ? message.site : message.status
    for (const watcher of [...this.#watchers]) watcher(status)
  }

  /** Whether the provider was reached is unknown, so nothing is repeated. */
  #lose(): void {
    this.isOpen = false
    for (const [callId, receiver] of [...this.#receivers]) {
      receiver({ type: 'call.error', callId, requestId: callId, ...CALL_LOST })
    }
    for (const watcher of [...this.#watchers]) watcher('none')
  }
}

/** The wallet's refusal as the error an app catches. */
export function errorOf({ code, message, requestId, details }: WireError): ValetKeyError {
  // A wallet newer than this package may know more codes than its table.
  return new ValetKeyError(code as ErrorCode, {
    message,
    requestId,
    details,
  })
}

let shared: Promise<Channel> | null = null

/** The channel of this page, opened when it is first needed. @throws as `openWalletPort` */
export async function openChannel(): Promise<Channel> {
  const known = await shared?.catch(() => null)
  if (known?.isOpen) return known
  const opened = openWalletPort().then((port) => new Channel(port))
  shared = opened
  // Installed a moment later, it is found then.
  opened.catch(() => {
    if (shared === opened) shared = null
  })
  return opened
}
