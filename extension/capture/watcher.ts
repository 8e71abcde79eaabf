/** Watches a page for keys, in the time the page leaves. */
import type { ProviderId } from '@valetkey/wallet/protocol'
import { documentIn, hasFocus, isField, shadowOf, type Field } from './places.ts'
import { look, lookIntoField, type Sighting, type SightingPorts } from './sightings.ts'

export interface WatcherPorts {
  readonly provider: ProviderId
  readonly onSighting: (sighting: Sighting) => void
  readonly onShortText: (node: Text) => void
  /** What stands in a field became something else. */
  readonly onTyped: (field: Field) => void
}

/** Mutations of this long are looked at together. */
const GATHER_MS = 300
/** No task of ours takes longer, whatever stands in the page (C60). */
const SLICE_MS = 5
const IDLE_TIMEOUT_MS = 1_000
/** When fields are looked at again: what a script puts into one is no mutation. */
const LOOK_AGAIN_MS = [250, 1_200] as const
const MOST_FIELDS = 500
const MOST_CLOSED = 200
/** C60: keys nobody sees yet; a page that hides more is no list of keys. */
const MOST_UNSEEN = 50
/** A page that mutates faster than it is read is read from the start, once. */
const MOST_PENDING = 5_000
const SEEN: MutationObserverInit = {
  subtree: true,
  childList: true,
  characterData: true,
  attributes: true,
  attributeFilter: ['value', 'type'],
}

export class Watcher {
  readonly #ports: WatcherPorts
  readonly #looking: SightingPorts
  /** Heard of, not yet read: a busy page calls the observer often, and what it does is done in idle time. */
  #records: (readonly MutationRecord[])[] = []
  readonly #observer = new MutationObserver((records) => {
    if (this.#records.length < MOST_PENDING) this.#records.push(records)
    else this.#pending.add(document)
    this.#schedule()
  })
  readonly #roots = new WeakSet<Node>()
  readonly #frames = new WeakSet<Element>()
  readonly #fields = new Set<Field>()
  readonly #values = new WeakMap<Field, string>()
  /** Elements in which a shadow root may be made later. */
  readonly #closed = new Set<Element>()
  readonly #pending = new Set<Node>()
  #unseen: Sighting[] = []
  #work: Iterator<undefined> | null = null
  #isScheduled = false
  #lookAgain: ReturnType<typeof setTimeout>[] = []

  constructor(ports: WatcherPorts) {
    this.#ports = ports
    this.#looking = {
      provider: ports.provider,
      onSighting: (sighting) => {
        this.#sight(sighting)
      },
      onShortText: ports.onShortText,
      onField: (field) => {
        this.#meetField(field)
      },
      onRoot: (root) => {
        this.#watch(root)
      },
      onMayOpen: (element) => {
        this.#meetClosed(element)
      },
    }
  }

  start(): void {
    this.#watch(document)
  }

  #watch(root: Document | ShadowRoot): void {
    if (this.#roots.has(root)) return
    this.#roots.add(root)
    this.#observer.observe(root, SEEN)
    this.#listen(root)
    this.#pending.add(root)
    this.#schedule()
  }

  /** In each root of its own: what happens in a frame or a closed root is told to nobody outside of it. */
  #listen(root: Document | ShadowRoot): void {
    const again = (): void => {
      this.#lookAgainSoon()
    }
    for (const type of ['input', 'change', 'click', 'focusin']) {
      root.addEventListener(type, again, { capture: true, passive: true })
    }
    // Read at once: the form may be gone a moment later, and the name of the key with it.
    const typed = ({ target }: Event): void => {
      const field = target as Element
      if (!isField(field)) return
      this.#meetField(field)
      this.#ports.onTyped(field)
    }
    root.addEventListener('input', typed, { capture: true, passive: true })
  }

  #note(records: readonly MutationRecord[]): void {
    for (const record of records) {
      const { type } = record
      if (type === 'childList') {
        const { addedNodes } = record
        for (const node of addedNodes) this.#pending.add(node)
      } else if (type === 'characterData' || isField(record.target as Element)) {
        this.#pending.add(record.target)
      }
    }
    if (this.#pending.size > MOST_PENDING) {
      this.#pending.clear()
      this.#pending.add(document)
    }
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setTimeout(() => {
      this.#whenIdle()
    }, GATHER_MS)
  }

  #whenIdle(): void {
    requestIdleCallback(
      (deadline) => {
        this.#slice(deadline.didTimeout ? SLICE_MS : Math.min(SLICE_MS, deadline.timeRemaining()))
      },
      { timeout: IDLE_TIMEOUT_MS },
    )
  }

  #slice(budgetMs: number): void {
    const end = performance.now() + budgetMs
    let isDone: boolean
    do {
      this.#work ??= this.#lookThroughPending()
      isDone = this.#work.next().done === true
      if (isDone) this.#work = null
    } while (!isDone && performance.now() < end)
    if (!isDone) {
      this.#whenIdle()
      return
    }
    this.#isScheduled = false
    if (this.#pending.size > 0 || this.#records.length > 0) this.#schedule()
    if (this.#fields.size + this.#closed.size + this.#unseen.length > 0) this.#lookAgainSoon()
  }

  *#lookThroughPending(): Generator<undefined, void, undefined> {
    const heard = this.#records
    this.#records = []
    for (const records of heard) this.#note(records)
    for (const node of this.#pending) {
      this.#pending.delete(node)
      if (!node.isConnected || this.#isWithinPending(node)) continue
      yield* look(node, this.#looking)
    }
  }

  /** Its parent was added with it. */
  #isWithinPending(node: Node): boolean {
    return node.parentNode !== null && this.#pending.has(node.parentNode)
  }

  #lookAgainSoon(): void {
    if (this.#lookAgain.length > 0) return
    this.#lookAgain = LOOK_AGAIN_MS.map((delay, at) =>
      setTimeout(() => {
        if (at === LOOK_AGAIN_MS.length - 1) this.#lookAgain = []
        this.#lookAtRest()
      }, delay),
    )
  }

  /** What no mutation tells of: values set by script, roots made later, keys that came into view. */
  #lookAtRest(): void {
    for (const field of this.#fields) {
      if (field.isConnected) this.#readField(field)
      else this.#fields.delete(field)
    }
    for (const element of this.#closed) {
      const inner = element.isConnected ? (documentIn(element) ?? shadowOf(element)) : null
      if (inner) this.#watch(inner)
      if (!element.isConnected || (inner && !('contentDocument' in element))) {
        this.#closed.delete(element)
      }
    }
    const unseen = this.#unseen
    this.#unseen = []
    for (const sighting of unseen) if (sighting.element.isConnected) this.#sight(sighting)
  }

  #meetField(field: Field): void {
    if (this.#fields.size < MOST_FIELDS) this.#fields.add(field)
    this.#readField(field)
  }

  #readField(field: Field): void {
    const { value } = field
    const before = this.#values.get(field)
    if (before === value) return
    this.#values.set(field, value)
    // Somebody may have typed into it before we came.
    if (before !== undefined || hasFocus(field)) this.#ports.onTyped(field)
    lookIntoField(field, this.#looking)
  }

  #meetClosed(element: Element): void {
    if (this.#closed.size < MOST_CLOSED) this.#closed.add(element)
    if (!('contentDocument' in element) || this.#frames.has(element)) return
    this.#frames.add(element)
    // Each page in a frame is a document of its own.
    element.addEventListener('load', () => {
      const inner = documentIn(element)
      if (inner) this.#watch(inner)
    })
  }

  #sight(sighting: Sighting): void {
    if (sighting.isShown()) this.#ports.onSighting(sighting)
    else if (this.#unseen.length < MOST_UNSEEN) this.#unseen.push(sighting)
  }
}
