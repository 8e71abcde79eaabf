/** The far end of a channel, in memory: takes the shim's port, keeps what it says, answers as told. */
import type { BackgroundMessage, PageMessage, SiteStatus } from '@valetkey/wallet/protocol'
import { createValetKey } from '@valetkey/wallet/protocol/valet-key'

export type Start = Extract<PageMessage, { type: 'call.start' }>

export class MemoryBackground {
  /** Stands for the window. */
  readonly target = new EventTarget()
  readonly messages: PageMessage[] = []
  /** What to answer a hello; null: nothing. */
  site: SiteStatus | null = 'on'
  onStart: (start: Start) => void = () => undefined
  port: MessagePort | null = null
  #waiting: { type: string; count: number; resolve: () => void }[] = []

  /** Starts to listen, as a bridge does. */
  arrive(): this {
    this.target.addEventListener('valetkey:port', (event) => {
      if (!(event instanceof MessageEvent)) return
      event.preventDefault()
      this.port = event.ports[0] ?? null
      if (this.port) this.port.onmessage = (message) => { this.#receive(message.data as PageMessage) }
    })
    this.target.dispatchEvent(new Event('valetkey:bridge'))
    return this
  }

  send(message: BackgroundMessage): void {
    this.port?.postMessage(message)
  }

  /** A whole reply to a call. */
  reply(callId: string, status: number, chunks: (string | Blob)[], headers: [string, string][] = []): void {
    this.send({ type: 'call.head', callId, status, statusText: '', headers, url: '' })
    for (const chunk of chunks) {
      const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
      this.send({ type: 'call.chunk', callId, bytes })
    }
    this.send({ type: 'call.end', callId })
  }

  fail(callId: string, code: string): void {
    this.send({ type: 'call.error', callId, code, message: 'A sentence.', retryable: false, requestId: callId })
  }

  of<T extends PageMessage['type']>(type: T): Extract<PageMessage, { type: T }>[] {
    return this.messages.filter((message) => message.type === type) as Extract<PageMessage, { type: T }>[]
  }

  /** Resolves once `count` messages of a type have come. */
  async heard(type: PageMessage['type'], count = 1): Promise<void> {
    if (this.messages.filter((message) => message.type === type).length >= count) return
    await new Promise<void>((resolve) => { this.#waiting.push({ type, count, resolve }) })
  }

  #receive(message: PageMessage): void {
    this.messages.push(message)
    if (message.type === 'hello' && this.site) {
      this.send({ type: 'ready', version: 1, site: this.site })
    }
    if (message.type === 'call.start') this.onStart(message)
    for (const { type, count, resolve } of this.#waiting) {
      if (this.messages.filter((heard) => heard.type === type).length >= count) resolve()
    }
  }
}

/** A valet key made for this run. */
export function anyValetKey(shape: Parameters<typeof createValetKey>[0] = 'sk-48'): string {
  return createValetKey(shape, (sizeBytes) => crypto.getRandomValues(new Uint8Array(sizeBytes)))
}

/** Lets every message under way arrive: ports hand over one a turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        port1.close()
        resolve()
      }
      port2.postMessage(null)
    })
  }
}
