/** Rows of a dashboard's list that say of a masked key that it is no longer taken. */
import type { KeyMask } from '@valetkey/wallet/protocol'

const STATUS = /^(?:revoked|disabled|expired|inactive|deleted|deactivated)\b/i
/** Both ends of a key, and what stands for the rest. */
const MASKED = /^([A-Za-z0-9_.-]{0,64}?)(?:\*{3,}|[*•·●∙×]{3,}|…|\.{3,})([A-Za-z0-9_-]{3,64})$/
const ROW = 'tr,li,[role="row"]'
/** In lists without rows, so many elements around a text are one. */
const ROW_DEPTH = 4
const ROW_TEXT = 400
const STATUS_TEXT = 40
/** A message tells of so many. */
const MOST_MASKS = 50
/** C55: what a page can make us tell, in its whole life. */
const MOST_TOLD = 500

/** The masked key in a text; null: there is none. */
export function readMask(text: string): KeyMask | null {
  const [, start = '', end] = MASKED.exec(text.trim()) ?? []
  return end === undefined ? null : { start, end }
}

export function isRevokedWord(text: string): boolean {
  return text.length <= STATUS_TEXT && STATUS.test(text.trim())
}

/** Collects the masks of such rows, and tells each once. */
export class RevokedRows {
  readonly #told = new Set<string>()
  readonly #tell: (masks: readonly KeyMask[]) => void
  #waiting: Element[] = []

  constructor(tell: (masks: readonly KeyMask[]) => void) {
    this.#tell = tell
  }

  /** A short text of the page. */
  note(node: Text): void {
    if (this.#told.size >= MOST_TOLD || !node.parentElement) return
    if (readMask(node.data) === null && !isRevokedWord(node.data)) return
    if (this.#waiting.length === 0) setTimeout(this.#read, 500)
    if (this.#waiting.length < MOST_TOLD) this.#waiting.push(node.parentElement)
  }

  readonly #read = (): void => {
    const places = this.#waiting
    this.#waiting = []
    const masks: KeyMask[] = []
    for (const place of places) {
      const mask = revokedMaskAround(place)
      const id = mask && `${mask.start}…${mask.end}`
      if (!mask || !id || this.#told.has(id) || masks.length === MOST_MASKS) continue
      this.#told.add(id)
      masks.push(mask)
    }
    if (masks.length > 0) this.#tell(masks)
  }
}

/** The one masked key of the row around an element, if the row says that it is revoked. */
function revokedMaskAround(place: Element): KeyMask | null {
  const row = place.closest(ROW)
  if (row) return revokedMaskIn(row)
  let around: Element | null = place.parentElement
  for (let depth = 0; around && depth < ROW_DEPTH; depth++, around = around.parentElement) {
    if (around.textContent.length > ROW_TEXT) return null
    const mask = revokedMaskIn(around)
    if (mask) return mask
  }
  return null
}

function revokedMaskIn(row: Element): KeyMask | null {
  if (row.textContent.length > ROW_TEXT) return null
  const texts = textsIn(row)
  const masks = texts.flatMap((text) => readMask(text) ?? [])
  const [mask] = masks
  // Two keys in one row: nobody can tell which of them it is about.
  return mask && masks.length === 1 && texts.some(isRevokedWord) ? mask : null
}

/** What its cells say, without its buttons. */
function textsIn(element: Element): string[] {
  const texts: string[] = []
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) texts.push((node as Text).data)
    else if (node.nodeType === Node.ELEMENT_NODE && (node as Element).tagName !== 'BUTTON') {
      texts.push(...textsIn(node as Element))
    }
  }
  return texts
}
