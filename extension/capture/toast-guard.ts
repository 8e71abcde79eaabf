/**
 * Whether a press on the toast is the person's, and whether they saw what they pressed (security F12). What
 * is asked of the browser here is asked in a world the page cannot reach.
 */

/** C54: nobody reads it sooner, and a double click is over. */
const ARM_MS = 600
/** The browser reports what is visible no more often. */
const OBSERVE_MS = 100
/** Nothing the person pressed before can have moved the focus here. */
const FOCUS_MS = 300
const WHOLE = 0.99
/** Of a place in CSS pixels: less is rounding. */
const STILL = 0.5

interface VisibilityOptions extends IntersectionObserverInit {
  readonly trackVisibility: true
  readonly delay: number
}
interface VisibilityEntry extends IntersectionObserverEntry {
  /** Absent where the browser cannot tell (Firefox). */
  readonly isVisible?: boolean
}

/** What the guard watches. `root`: the closed one the button stands in. */
export interface Guarded {
  readonly host: HTMLElement
  readonly root: ShadowRoot
  readonly card: HTMLElement
  readonly save: HTMLElement
  /** The size it has when nobody tampers with it, in CSS pixels. */
  readonly leastWidth: number
}

export class ToastGuard {
  readonly #guarded: Guarded
  readonly #clock: () => number
  readonly #observer: IntersectionObserver
  readonly #visible = new Map<Element, boolean>()
  /** Since when it was to be seen, whole, in one place; null: it is not. */
  #since: number | null = null
  #place: DOMRect | null = null
  #focusedAt: number | null = null

  constructor(guarded: Guarded, clock: () => number = () => performance.now()) {
    this.#guarded = guarded
    this.#clock = clock
    const options: VisibilityOptions = {
      ...{ threshold: [0, 0.5, WHOLE], trackVisibility: true, delay: OBSERVE_MS },
    }
    this.#observer = new IntersectionObserver((entries) => {
      this.#note(entries)
    }, options)
    guarded.save.addEventListener('focus', () => {
      this.#focusedAt = clock()
    })
    guarded.save.addEventListener('blur', () => {
      this.#focusedAt = null
    })
  }

  watch(): void {
    this.disarm()
    this.#visible.clear()
    this.#observer.disconnect()
    for (const target of this.#targets()) this.#observer.observe(target)
  }

  stop(): void {
    this.#observer.disconnect()
    this.disarm()
  }

  /** Starts the wait anew. */
  disarm(): void {
    this.#since = this.#isSeen() ? this.#clock() : null
  }

  /** Whether all of it can be seen now, as far as the browser last said. */
  isSeen(): boolean {
    this.#note(this.#observer.takeRecords())
    return this.#isSeen()
  }

  /** Looks whether it stands where it stood; to be called often while it is shown. */
  look(): void {
    const place = this.#guarded.card.getBoundingClientRect()
    if (!this.#place || !isSamePlace(place, this.#place) || !this.#isWhole(place)) this.disarm()
    this.#place = place
  }

  /** Whether a press counts. Every doubt is a no: the person presses again. */
  accepts(event: MouseEvent): boolean {
    this.#note(this.#observer.takeRecords())
    const before = this.#place
    this.look()
    const now = this.#clock()
    // C53: a script can make every event but a trusted one.
    if (!event.isTrusted || document.visibilityState !== 'visible') return false
    if (this.#since === null || now - this.#since < ARM_MS) return false
    if (!before || !this.#place || !isSamePlace(before, this.#place)) return false
    if (!this.#isWhole(this.#place) || !this.#isOnTop()) return false
    return event.detail > 0 ? this.#isWithin(event) : this.#isByKeyboard(now)
  }

  #targets(): readonly Element[] {
    return [this.#guarded.card, this.#guarded.save]
  }

  #isSeen(): boolean {
    return this.#targets().every((target) => this.#visible.get(target) === true)
  }

  #note(entries: readonly VisibilityEntry[]): void {
    for (const { target, isVisible = true, intersectionRatio } of entries) {
      this.#visible.set(target, isVisible && intersectionRatio >= WHOLE)
    }
    if (!this.#isSeen()) this.#since = null
    else this.#since ??= this.#clock()
  }

  /** F12: in the top layer, in its own size, and nothing drawn over everything. */
  #isWhole({ width, left, top, right, bottom }: DOMRect): boolean {
    const { host, leastWidth } = this.#guarded
    if (host.ownerDocument !== document || !isOpen(host)) return false
    // Zoom of the page shrinks it; that of the browser does not count here.
    if ((host as { readonly currentCSSZoom?: number }).currentCSSZoom !== undefined) {
      if (host.currentCSSZoom !== 1) return false
    }
    const isInWindow = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight
    if (!isInWindow || width < Math.min(leastWidth, innerWidth - 40)) return false
    return !isInTransition()
  }

  /** C52: what lies over the button takes the press, or is seen here; its corners are looked at too. */
  #isOnTop(): boolean {
    const { host, root, save } = this.#guarded
    const { left, top, right, bottom } = save.getBoundingClientRect()
    const outer = host.getRootNode() as Document | ShadowRoot
    const xs = [left + 3, (left + right) / 2, right - 3]
    const ys = [top + 3, (top + bottom) / 2, bottom - 3]
    return xs.every((x) =>
      ys.every(
        (y) => outer.elementFromPoint(x, y) === host && root.elementFromPoint(x, y) === save,
      ),
    )
  }

  #isWithin({ clientX, clientY }: MouseEvent): boolean {
    const { left, top, right, bottom } = this.#guarded.save.getBoundingClientRect()
    return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom
  }

  /** C53: no script reaches the button to focus it; a focus that has just come may be a stumble. */
  #isByKeyboard(now: number): boolean {
    const { root, save } = this.#guarded
    return (
      root.activeElement === save && this.#focusedAt !== null && now - this.#focusedAt >= FOCUS_MS
    )
  }
}

/** Whether it stands in the top layer. */
export function isOpen(host: HTMLElement): boolean {
  return host.isConnected && host.matches(':popover-open')
}

function isSamePlace(one: DOMRect, other: DOMRect): boolean {
  return (
    Math.abs(one.left - other.left) < STILL &&
    Math.abs(one.top - other.top) < STILL &&
    Math.abs(one.width - other.width) < STILL &&
    Math.abs(one.height - other.height) < STILL
  )
}

/** Pictures of a view transition lie over the top layer. */
function isInTransition(): boolean {
  try {
    return document.documentElement.matches(':active-view-transition')
  } catch {
    // A browser without them.
    return false
  }
}
