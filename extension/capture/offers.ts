/** Which key the toast is about: one at a time, each of them once in the life of a page. */
import { maskKey, type Dashboard } from '@valetkey/wallet/capture'
import type { CaptureMessage, CaptureReply, ErrorCode } from '@valetkey/wallet/protocol'
import type { PageNames } from './page-name.ts'
import { closestOf } from './places.ts'
import { Toast } from './toast.ts'
import { WORDS } from './words.ts'

export interface Offer {
  readonly key: string
  readonly storable: boolean
  readonly via: 'page' | 'copy'
  /** What it was found in, or what was pressed to copy it. */
  readonly element: Element | null
}

export type Send = (message: CaptureMessage) => Promise<CaptureReply | undefined>

/** C60, C55: a page that shows more keys than this in its life shows them to us, not to a person. */
const MOST_OFFERS = 100
/** Time to read that the window asks now. */
const ASKED_MS = 12_000
const DIALOG = 'dialog,[role="dialog"],[role="alertdialog"],[aria-modal="true"]'

export class Offers {
  readonly #dashboard: Dashboard
  readonly #names: PageNames
  readonly #send: Send
  readonly #met = new Set<string>()
  #toast: Toast | null = null
  #current: Offer | null = null
  #isAsking = false
  #leaving: ReturnType<typeof setTimeout> | null = null

  constructor(dashboard: Dashboard, names: PageNames, send: Send) {
    this.#dashboard = dashboard
    this.#names = names
    this.#send = send
  }

  /** Offers to keep a key, if the person was not asked about it before. */
  make(offer: Offer): void {
    if (this.#met.has(offer.key) || this.#met.size >= MOST_OFFERS) return
    // Another one on the same page comes into its turn when this one is answered, or it is seen again.
    if (this.#current && !this.#replaces(offer, this.#current)) return
    this.#met.add(offer.key)
    this.#current = offer
    this.#stay()
    this.#toast ??= new Toast({
      onSave: () => void this.#propose(),
      onClose: () => {
        this.#close()
      },
    })
    const { name: provider } = this.#dashboard
    const shown = { provider, mask: maskKey(offer.key) }
    this.#toast.show(
      offer.storable
        ? { kind: 'offer', ...shown, copied: offer.via === 'copy' }
        : { kind: 'refused', ...shown },
      offer.element,
    )
  }

  /** The newest in a dialog, or the newest the person copied, is what the page is about now. */
  #replaces(offer: Offer, current: Offer): boolean {
    if (this.#isAsking) return false
    if (this.#leaving !== null || offer.via === 'copy') return true
    return isInDialog(offer) || (!isInDialog(current) && current.element?.isConnected !== true)
  }

  async #propose(): Promise<void> {
    const offer = this.#current
    const toast = this.#toast
    if (!offer || !toast || this.#isAsking) return
    this.#isAsking = true
    const mask = maskKey(offer.key)
    const name = this.#names.nameOf(offer.element, offer.key)
    const why = await this.#ask({ type: 'capture.propose', key: offer.key, via: offer.via, name })
    this.#isAsking = false
    if (this.#current !== offer) return
    if (why !== null) {
      toast.say({ kind: 'failed', provider: this.#dashboard.name, mask, why })
      return
    }
    toast.say({ kind: 'asked', mask })
    this.#leaving = setTimeout(() => {
      this.#close()
    }, ASKED_MS)
  }

  /** Null: the person is asked now; else the sentence that says why not. */
  async #ask(message: CaptureMessage): Promise<string | null> {
    try {
      const reply = await this.#send(message)
      if (!reply) return WORDS.failed
      return reply.ok ? null : (SENTENCES[reply.error.code] ?? WORDS.failed)
    } catch {
      // The extension was updated since this page was loaded: nobody listens here any more.
      return WORDS.failed
    }
  }

  #close(): void {
    this.#stay()
    this.#current = null
    this.#toast?.hide()
  }

  #stay(): void {
    if (this.#leaving !== null) clearTimeout(this.#leaving)
    this.#leaving = null
  }
}

const SENTENCES: Readonly<Partial<Record<string, string>>> = {
  'request.rate_limited': WORDS.busy,
  'request.unprocessable': WORDS.unclear,
} satisfies Partial<Record<ErrorCode, string>>

function isInDialog({ element }: Offer): boolean {
  return element !== null && closestOf(element, DIALOG) !== null
}
