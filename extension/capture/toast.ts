/** The toast: in the top layer of the page, in a shadow root the page cannot open. */
import { closestOf } from './places.ts'
import { ToastGuard, isOpen } from './toast-guard.ts'
import { TOAST_CSS, TOAST_WIDTH } from './toast-style.ts'
import { createToastView, type ToastState, type ToastView } from './toast-view.ts'

const TAG = 'valetkey-toast'
const TEND_MS = 100
/** A page that takes it away, or covers it, so often shall be rid of it: no fight. */
const MOST_RETURNS = 8
/** What is over it may go by itself. */
const COVERED_MS = 500
const DIALOG = 'dialog[open],[role="dialog"],[role="alertdialog"],[aria-modal="true"]'

interface ToastPorts {
  /** A press that counts. */
  readonly onSave: () => void
  /** The person closed it, or the page did not let it stand. */
  readonly onClose: () => void
}

export class Toast {
  readonly #ports: ToastPorts
  readonly #host: HTMLElement
  readonly #root: ShadowRoot
  readonly #view: ToastView
  readonly #guard: ToastGuard
  #near: Element | null = null
  #tending: ReturnType<typeof setInterval> | null = null
  #returns = 0
  #coveredSince: number | null = null
  #said: ToastState | null = null

  constructor(ports: ToastPorts) {
    this.#ports = ports
    // In a document without a window: there no class of the page for our element takes part, and a root made
    // before the page upgrades the element is closed to the page's `ElementInternals` too (C47).
    const inert = document.implementation.createHTMLDocument('')
    this.#host = inert.createElement(TAG)
    this.#root = this.#host.attachShadow({ mode: 'closed' })
    this.#view = createToastView(inert, {
      onSave: (event) => {
        if (this.#guard.accepts(event)) ports.onSave()
      },
      onClose: ports.onClose,
    })
    this.#root.append(this.#view.card)
    const { card, save } = this.#view
    const leastWidth = TOAST_WIDTH - 1
    this.#guard = new ToastGuard({ host: this.#host, root: this.#root, card, save, leastWidth })
  }

  /** @param near what it is about: where a dialog of the page holds that, the toast stands in it too */
  show(state: ToastState, near: Element | null): void {
    this.#near = near
    this.#returns = 0
    this.say(state)
    this.#enter()
    this.#tending ??= setInterval(() => {
      this.#tend()
    }, TEND_MS)
    // What stood there from the start is not read out; what changes is.
    setTimeout(() => {
      if (this.#said === state && this.#tending !== null) this.#view.show(state)
    }, 150)
  }

  say(state: ToastState): void {
    this.#said = state
    this.#view.show(state)
    this.#guard.disarm()
  }

  hide(): void {
    if (this.#tending !== null) clearInterval(this.#tending)
    this.#tending = null
    this.#guard.stop()
    this.#host.remove()
  }

  /** Goes to the top of the top layer, and starts the wait anew (C54). */
  #enter(): void {
    const home = this.#home()
    if (this.#host.parentNode !== home) home.append(this.#host)
    this.#root.adoptedStyleSheets = [styleSheet()]
    this.#host.setAttribute('popover', 'manual')
    this.#coveredSince = null
    try {
      if (isOpen(this.#host)) this.#host.hidePopover()
      this.#host.showPopover()
    } catch {
      // The page took it away again within its own events.
    }
    this.#guard.watch()
  }

  /**
   * A modal dialog leaves nothing outside of it to press; and dialogs of libraries call back a focus that
   * leaves them.
   */
  #home(): Element {
    const modal = Array.from(document.querySelectorAll('dialog:modal')).at(-1)
    if (modal) return modal
    const dialog = this.#near?.isConnected === true ? closestOf(this.#near, DIALOG) : null
    const isTried = this.#returns > MOST_RETURNS / 2
    return dialog?.ownerDocument === document && !isTried ? dialog : document.documentElement
  }

  #tend(): void {
    if (document.visibilityState !== 'visible') {
      this.#guard.disarm()
      return
    }
    if (this.#needsReturn()) {
      this.#returns += 1
      if (this.#returns > MOST_RETURNS) {
        this.#ports.onClose()
        return
      }
      this.#enter()
    }
    this.#guard.look()
  }

  #needsReturn(): boolean {
    if (!isOpen(this.#host) || this.#host.ownerDocument !== document) return true
    const modal = Array.from(document.querySelectorAll('dialog:modal')).at(-1)
    if (modal && !modal.contains(this.#host)) return true
    const now = performance.now()
    if (this.#guard.isSeen()) this.#coveredSince = null
    else this.#coveredSince ??= now
    return this.#coveredSince !== null && now - this.#coveredSince > COVERED_MS
  }
}

let sheet: CSSStyleSheet | null = null

/** Not an element: a page’s policy against inline styles does not reach it. */
function styleSheet(): CSSStyleSheet {
  if (sheet) return sheet
  sheet = new CSSStyleSheet()
  sheet.replaceSync(TOAST_CSS)
  return sheet
}
