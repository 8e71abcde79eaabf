/** Where in a page text can stand: the document, shadow roots of either kind, frames of the same origin. */

/** Chrome's own way into a closed root; other browsers have it on the element. */
interface DomApi {
  readonly dom?: { openOrClosedShadowRoot(element: Element): ShadowRoot | null }
}
interface WithRoot extends Element {
  readonly openOrClosedShadowRoot?: ShadowRoot | null
}

/** The standard's elements that can have a shadow root; so can every custom element. */
const MAY_HAVE_ROOT = new Set(
  'ARTICLE ASIDE BLOCKQUOTE BODY DIV FOOTER H1 H2 H3 H4 H5 H6 HEADER MAIN NAV P SECTION SPAN'.split(
    ' ',
  ),
)

function isCustom(element: Element): boolean {
  return element.localName.includes('-')
}

/** The shadow root of an element, closed or not. */
export function shadowOf(element: Element): ShadowRoot | null {
  if (!MAY_HAVE_ROOT.has(element.tagName) && !isCustom(element)) return null
  const { dom } = (globalThis as unknown as { readonly chrome?: DomApi }).chrome ?? {}
  if (!dom) return (element as WithRoot).openOrClosedShadowRoot ?? element.shadowRoot
  try {
    return dom.openOrClosedShadowRoot(element)
  } catch {
    // An element of a frame that went away.
    return null
  }
}

/** The document in a frame; null for one of another origin. */
export function documentIn(element: Element): Document | null {
  if (element.tagName !== 'IFRAME' && element.tagName !== 'FRAME') return null
  try {
    return (element as HTMLIFrameElement).contentDocument
  } catch {
    return null
  }
}

/** The nearest element around, itself included, that fits; through shadow roots and frames. */
export function closestOf(element: Element, selector: string): Element | null {
  let at: Element | null = element
  while (at) {
    const found = at.closest(selector)
    if (found) return found
    const root = at.getRootNode()
    at =
      'host' in root ? (root.host as Element) : (at.ownerDocument.defaultView?.frameElement ?? null)
  }
  return null
}

/** What has the focus, in whichever root it stands. */
export function focusedElement(): Element | null {
  let focused = document.activeElement
  for (let depth = 0; focused && depth < 20; depth++) {
    const inner: Element | null = shadowOf(focused)?.activeElement ?? null
    if (!inner) break
    focused = inner
  }
  return focused
}

const VISIBLE: CheckVisibilityOptions = {
  checkOpacity: true,
  checkVisibilityCSS: true,
  contentVisibilityAuto: true,
}

/** Whether a person could see it, if they scrolled there. */
export function isShown(element: Element): boolean {
  if (!element.isConnected || !element.checkVisibility(VISIBLE)) return false
  const { width, height } = element.getBoundingClientRect()
  // Elements without a box of their own stand in one that has one.
  if ((width < 1 || height < 1) && getComputedStyle(element).display !== 'contents') return false
  const frame = element.ownerDocument.defaultView?.frameElement ?? null
  return frame === null || isShown(frame)
}

/** Whether it has the focus of the document or root it stands in. */
export function hasFocus(element: Element): boolean {
  const root = element.getRootNode()
  return 'activeElement' in root && root.activeElement === element
}

export type Field = HTMLInputElement | HTMLTextAreaElement

export function isField(element: Element): element is Field {
  return element.tagName === 'INPUT' || element.tagName === 'TEXTAREA'
}

const TEXT_TYPES = new Set(['text', 'search', 'url', 'email', 'tel'])

/** Whether what stands in it can be read on the screen. */
export function showsValue(field: Field): boolean {
  return field.tagName === 'TEXTAREA' || TEXT_TYPES.has(field.type)
}
