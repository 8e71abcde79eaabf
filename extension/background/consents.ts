/**
 * Questions to the person. One window at a time, in an extension window the page has no pixel of;
 * closing it is a no (C55). What is asked survives the worker in `storage.session`.
 */
import { CONSENT_TIMEOUT_MS } from '@valetkey/wallet/protocol'
import type { CallQuestion, Pending, SiteWish } from '../adapters/consent-store.ts'

export type Answer = 'allow' | 'deny' | 'timeout'

/** What the queue needs of the browser. */
export interface ConsentPorts {
  readPending(): Promise<readonly Pending[]>
  writePending(pending: readonly Pending[]): Promise<void>
  /** Opens the consent window for a question; resolves to its window id. */
  openWindow(questionId: string): Promise<number>
  closeWindow(windowId: number): Promise<void>
}

export class Consents {
  readonly #ports: ConsentPorts
  readonly #waiting = new Map<string, (answer: Answer) => void>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(ports: ConsentPorts) {
    this.#ports = ports
  }

  async find(id: string): Promise<Pending | null> {
    return (await this.#ports.readPending()).find((pending) => pending.id === id) ?? null
  }

  async siteWishes(): Promise<readonly SiteWish[]> {
    return (await this.#ports.readPending()).filter((pending) => pending.kind === 'site')
  }

  async findSiteWish(origin: string): Promise<SiteWish | null> {
    return (await this.siteWishes()).find((wish) => wish.origin === origin) ?? null
  }

  async findByWindow(windowId: number): Promise<Pending | null> {
    return (await this.#ports.readPending()).find((item) => item.windowId === windowId) ?? null
  }

  /** Remembers a question without showing it. A second wish for the same site replaces the first. */
  add(pending: Pending): Promise<void> {
    return this.#change((all) => [
      ...all.filter(
        (item) =>
          !(item.kind === 'site' && pending.kind === 'site' && item.origin === pending.origin),
      ),
      pending,
    ])
  }

  /** Shows a question, unless another one is on the screen: then it waits its turn. */
  async show(id: string): Promise<void> {
    const all = await this.#ports.readPending()
    const pending = all.find((item) => item.id === id)
    if (pending?.windowId !== null || all.some((item) => item.windowId !== null)) return
    const windowId = await this.#ports.openWindow(id)
    await this.#change((items) =>
      items.map((item) => (item.id === id ? { ...item, windowId } : item)),
    )
  }

  /** Asks about one call and waits for the answer; ends with `timeout` after two minutes. */
  async askAboutCall(question: CallQuestion, signal: AbortSignal): Promise<Answer> {
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(question.id, resolve))
    await this.add(question)
    await this.show(question.id)
    const timer = setTimeout(() => void this.settle(question.id, 'timeout'), CONSENT_TIMEOUT_MS)
    const stop = (): void => void this.settle(question.id, 'deny')
    signal.addEventListener('abort', stop, { once: true })
    const answer = await answered
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    return answer
  }

  /** Ends a question, closes its window, and shows the next one. Returns what was asked. */
  async settle(id: string, answer: Answer): Promise<Pending | null> {
    const pending = await this.find(id)
    await this.#change((all) => all.filter((item) => item.id !== id))
    this.#waiting.get(id)?.(answer)
    this.#waiting.delete(id)
    if (pending?.windowId != null) await this.#ports.closeWindow(pending.windowId)
    const next = (await this.#ports.readPending()).find((item) => item.kind === 'call')
    if (next) await this.show(next.id)
    return pending
  }

  /** One change after the other: two windows may answer at once. */
  #change(change: (all: readonly Pending[]) => readonly Pending[]): Promise<void> {
    const run = this.#last.then(async () => {
      await this.#ports.writePending(change(await this.#ports.readPending()))
    })
    this.#last = run.catch(() => undefined)
    return run
  }
}
