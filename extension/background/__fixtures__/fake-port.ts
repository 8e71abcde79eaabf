import type { MessagePortLike } from '../page-ports.ts'

/** The page's end of a port. */
export class FakePort implements MessagePortLike {
  readonly sent: { type: string; [name: string]: unknown }[] = []
  isOpen = true
  readonly #listeners: ((message: unknown) => void)[] = []
  readonly #closers: (() => void)[] = []
  readonly onMessage = {
    addListener: (listener: (message: unknown) => void) => void this.#listeners.push(listener),
  }
  readonly onDisconnect = {
    addListener: (listener: () => void) => void this.#closers.push(listener),
  }

  postMessage(message: unknown): void {
    this.sent.push(message as { type: string })
  }
  disconnect(): void {
    this.isOpen = false
  }
  say(message: unknown): void {
    for (const listener of this.#listeners) listener(message)
  }
  leave(): void {
    for (const closer of this.#closers) closer()
  }
  async until(type: string): Promise<Record<string, unknown>> {
    for (let turn = 0; turn < 1000; turn += 1) {
      const found = this.sent.find((message) => message.type === type)
      if (found) return found
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    throw new Error(`The port never said ${type}.`)
  }
}
