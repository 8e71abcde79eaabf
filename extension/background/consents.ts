/**
 * Questions to the person. One window at a time, in an extension window the page has no pixel of;
 * closing it is a no (C55). What is asked survives the worker in `storage.session`.
 */
import {
  CONSENT_TIMEOUT_MS,
  createTurns,
  type GrantId,
  type NanoUsd,
} from '@valetkey/wallet/protocol'
import type { CallQuestion, ConnectWish, Pending, SiteWish } from '../adapters/consent-store.ts'

export type Answer = 'allow' | 'deny' | 'timeout'
/** How a question ends: by an answer, by the clock, or because nobody waits for one any more. */
type Ending = Answer | 'withdrawn'

/** What the queue needs of the browser. */
export interface ConsentPorts {
  readPending(): Promise<readonly Pending[]>
  writePending(pending: readonly Pending[]): Promise<void>
  /** Opens the consent window for a question; resolves to its window id. */
  openWindow(questionId: string, kind: Pending['kind']): Promise<number>
  closeWindow(windowId: number): Promise<void>
  /** Brings a consent window to the front; false when there is none of that id any more. */
  focusWindow(windowId: number): Promise<boolean>
  /** Whether the browser permission a site's wish waits for is there. */
  mayShow(origin: string): Promise<boolean>
}

export class Consents {
  readonly #ports: ConsentPorts
  readonly #waiting = new Map<string, (answer: Answer) => void>()
  /** One change after the other: two windows may answer at once. */
  readonly #alone = createTurns()

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
    return this.#alone(() =>
      this.#change((all) => [...all.filter((item) => !isSame(item, pending)), pending]),
    )
  }

  /**
   * Brings the question about a site back to the front, where the person was asked already: a second one
   * would take the first from under their answer. Null: there is none; ask anew.
   */
  async showAgain(origin: string): Promise<SiteWish | null> {
    const wish = await this.findSiteWish(origin)
    if (typeof wish?.windowId !== 'number') return wish
    if (await this.#ports.focusWindow(wish.windowId)) return wish
    // Its window went while we slept.
    await this.settle(wish.id, 'withdrawn')
    return null
  }

  /** Shows a question, unless another one is on the screen: then it waits its turn (C55). */
  show(id: string): Promise<void> {
    return this.#alone(async () => {
      const all = await this.#ports.readPending()
      const pending = all.find((item) => item.id === id)
      if (pending?.windowId !== null || all.some((item) => item.windowId !== null)) return
      const windowId = await this.#ports.openWindow(id, pending.kind)
      await this.#change((items) =>
        items.map((item) => (item.id === id ? { ...item, windowId } : item)),
      )
    })
  }

  /**
   * Brings what is on the screen to the front, or shows this question where there is nothing: whoever just
   * asked for it must find a window.
   */
  async bringForward(id: string): Promise<void> {
    const shown = (await this.#ports.readPending()).find((item) => item.windowId !== null)
    if (typeof shown?.windowId === 'number') {
      if (await this.#ports.focusWindow(shown.windowId)) return
      // Its window went while we slept.
      if (shown.id !== id) await this.settle(shown.id, 'withdrawn')
      else await this.add({ ...shown, windowId: null })
    }
    await this.show(id)
  }

  /** Asks for an app that waits, and waits with it for the answer; ends with `timeout` after two minutes. */
  async ask(question: CallQuestion | ConnectWish, signal: AbortSignal): Promise<Answer> {
    const { id } = question
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve))
    const stop = (): void => void this.settle(id, 'withdrawn')
    const timer = setTimeout(() => void this.settle(id, 'timeout'), CONSENT_TIMEOUT_MS)
    signal.addEventListener('abort', stop, { once: true })
    try {
      await this.add(question)
      if (signal.aborted) stop()
      await this.show(id)
    } catch (error) {
      await this.settle(id, 'withdrawn')
      throw error
    } finally {
      void answered.finally(() => {
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
      })
    }
    return answered
  }

  /**
   * Takes a question off the list, so that only one answer is ever acted on. Its window stays: it shows
   * what became of the answer. Null when it is answered already.
   */
  claim(id: string): Promise<Pending | null> {
    return this.#alone(async () => {
      const pending = await this.find(id)
      if (pending) await this.#change((all) => all.filter((item) => item.id !== id))
      return pending
    })
  }

  /** Ends a question, closes its window, and shows the next one. Returns what was asked. */
  async settle(id: string, ending: Ending): Promise<Pending | null> {
    const pending = await this.claim(id)
    if (pending) await this.finish(pending, ending)
    return pending
  }

  /** What follows the answer to a claimed question. */
  async finish(pending: Pending, ending: Ending): Promise<void> {
    // A call nobody waits for is over in any case; it says nothing about the others of its site.
    this.#waiting.get(pending.id)?.(ending === 'withdrawn' ? 'deny' : ending)
    this.#waiting.delete(pending.id)
    if (pending.windowId !== null) await this.#ports.closeWindow(pending.windowId)
    if (isWaitedFor(pending) && ending === 'deny') await this.#denyRest(pending.origin)
    await this.#showNext()
  }

  /** Ends a question and leaves its window, which says what became of it. */
  async release(id: string): Promise<void> {
    if (await this.claim(id)) await this.#showNext()
  }

  async #showNext(): Promise<void> {
    for (const next of await this.#ports.readPending()) {
      if (next.kind !== 'site' || (await this.#ports.mayShow(next.origin))) await this.show(next.id)
    }
  }

  /** Questions of apps that asked a former worker: nobody waits for their answer. */
  async dropWaiting(): Promise<void> {
    for (const pending of await this.#ports.readPending()) {
      if (isWaitedFor(pending)) await this.settle(pending.id, 'withdrawn')
    }
  }

  /** An app was connected: what its other pages ask for may be covered by now. */
  async allowConnects(
    origin: string,
    isCovered: (wish: ConnectWish) => Promise<boolean>,
  ): Promise<void> {
    for (const pending of await this.#ports.readPending()) {
      if (pending.kind !== 'connect' || pending.origin !== origin || pending.link) continue
      if (await isCovered(pending)) await this.settle(pending.id, 'allow')
    }
  }

  /** The person raised what a site may do unasked: what waits and costs no more goes on. */
  async allowUpTo(grantId: GrantId, limitNanoUsd: NanoUsd): Promise<void> {
    for (const pending of await this.#ports.readPending()) {
      if (pending.kind !== 'call' || pending.grantId !== grantId) continue
      const { boundNanoUsd } = pending
      if (boundNanoUsd !== null && boundNanoUsd <= limitNanoUsd) {
        await this.settle(pending.id, 'allow')
      }
    }
  }

  /** A no is a no to everything the site has asked meanwhile: no prompt bombing (C55). */
  async #denyRest(origin: string): Promise<void> {
    for (const pending of await this.#ports.readPending()) {
      if (isWaitedFor(pending) && pending.origin === origin) {
        await this.settle(pending.id, 'deny')
      }
    }
  }

  async #change(change: (all: readonly Pending[]) => readonly Pending[]): Promise<void> {
    await this.#ports.writePending(change(await this.#ports.readPending()))
  }
}

/** An app waits for the answer, and takes a no for all it asked. */
function isWaitedFor(pending: Pending): pending is CallQuestion | ConnectWish {
  return pending.kind === 'call' || pending.kind === 'connect'
}

function isSame(one: Pending, other: Pending): boolean {
  if (one.id === other.id) return true
  return one.kind === 'site' && other.kind === 'site' && one.origin === other.origin
}
