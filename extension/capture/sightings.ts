/** Looks through parts of a page for keys, a little at a time. */
import { findKeys, type KeyCandidate } from '@valetkey/wallet/capture'
import type { ProviderId } from '@valetkey/wallet/protocol'
import { documentIn, isField, isShown, shadowOf, showsValue, type Field } from './places.ts'
import { isInline, nodesWithin, runOf, type Run } from './text-runs.ts'

/** A key of the dashboard's provider, and where it stands. */
export interface Sighting {
  readonly key: string
  /** C39: false for one that must not be kept. */
  readonly storable: boolean
  readonly element: Element
  /** Whether a person can see all of it now. */
  isShown(): boolean
}

export interface SightingPorts {
  readonly provider: ProviderId
  readonly onSighting: (sighting: Sighting) => void
  /** A text of a few words, for whoever reads lists. */
  readonly onShortText: (node: Text) => void
  readonly onField: (field: Field) => void
  /** A root in which nothing was looked at before: a shadow root, a document in a frame. */
  readonly onRoot: (root: Document | ShadowRoot) => void
  /** An element whose root or document may come later. */
  readonly onMayOpen: (element: Element) => void
}

/** Nothing a person reads stands in them. */
const UNSEEN = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'VALETKEY-TOAST'])
/** C60: a longer text is read in pieces, with a rest in between. */
const PIECE = 16_384
/** No key is longer. */
const OVERLAP = 300
const SHORTEST_KEY = 20
const MOST_NODES_OF_RUN = 500
const SHORT_TEXT = 120
/** After so many nodes it asks whether there is time left. */
const NODES_A_STEP = 20

/**
 * Looks through a node and everything in it. Each step is short; whoever drives it may stop between two.
 */
export function* look(root: Node, ports: SightingPorts): Generator<undefined, void, undefined> {
  let run: Text[] = []
  let length = 0
  let steps = 0
  for (const { node, isBreak } of nodesOf(root, ports)) {
    const isFull = length >= PIECE || run.length >= MOST_NODES_OF_RUN
    if ((isBreak || isFull) && run.length > 0) {
      yield* readRun(run, length, ports)
      run = []
      length = 0
    }
    if (node?.nodeType === Node.TEXT_NODE) {
      const text = node as Text
      run.push(text)
      length += text.length
      if (text.length > 2 && text.length <= SHORT_TEXT) ports.onShortText(text)
    }
    steps += 1
    if (steps % NODES_A_STEP === 0) yield
  }
  if (run.length > 0) yield* readRun(run, length, ports)
}

interface Visit {
  readonly node: Node | null
  /** The line of text ends here. */
  readonly isBreak: boolean
}

const BREAK: Visit = { node: null, isBreak: true }

/** Every node below one, in order, and where lines end. */
function* nodesOf(root: Node, ports: SightingPorts): Generator<Visit, void, undefined> {
  let at: Node | null = root
  while (at) {
    const element: Element | null = at.nodeType === Node.ELEMENT_NODE ? (at as Element) : null
    const isOpaque: boolean = element !== null && UNSEEN.has(element.tagName)
    if (element && !isInline(element)) yield BREAK
    else yield { node: at, isBreak: false }
    if (element && !isOpaque) meet(element, ports)
    const inner: Node | null = isOpaque ? null : at.firstChild
    if (inner) {
      at = inner
      continue
    }
    while (at && at !== root && !at.nextSibling) {
      at = at.parentNode
      if (at && isBlock(at)) yield BREAK
    }
    // The page may have moved it away meanwhile; what it became is heard of as a mutation.
    at = at === null || at === root ? null : at.nextSibling
  }
}

function isBlock(node: Node): boolean {
  return node.nodeType === Node.ELEMENT_NODE && !isInline(node as Element)
}

function meet(element: Element, ports: SightingPorts): void {
  if (isField(element)) {
    ports.onField(element)
    return
  }
  const isFrame = element.tagName === 'IFRAME' || element.tagName === 'FRAME'
  const inner = isFrame ? documentIn(element) : shadowOf(element)
  if (inner) ports.onRoot(inner)
  if (isFrame || (!inner && element.localName.includes('-'))) ports.onMayOpen(element)
}

function* readRun(
  nodes: readonly Text[],
  length: number,
  ports: SightingPorts,
): Generator<undefined, void, undefined> {
  // Most runs are a word or two, and no part of anything longer.
  if (
    nodes.length === 1 &&
    length > 0 &&
    /^\s[^]*\s$|^\s+$/.test(nodes[0]?.data ?? '') &&
    length < SHORTEST_KEY
  )
    return
  const run = runOf(nodes)
  for (let from = 0; from === 0 || from + OVERLAP < run.text.length; from += PIECE) {
    const piece = run.text.slice(from, from + PIECE + OVERLAP)
    if (piece.length < SHORTEST_KEY) return
    for (const found of findKeys(piece, ports.provider)) tell(run, from, { ...found, ports })
    yield
  }
}

function tell(run: Run, from: number, found: KeyCandidate & { ports: SightingPorts }): void {
  if (!isOurs(found, found.ports.provider)) return
  const [start, end] = [from + found.start, from + found.end]
  const holders = nodesWithin(run, start, end).flatMap(({ parentElement }) => parentElement ?? [])
  const [element] = holders
  if (!element) return
  found.ports.onSighting({
    ...{ key: run.text.slice(start, end), storable: found.storable, element },
    isShown: () => holders.every(isShown),
  })
}

/** The keys a field shows. */
export function lookIntoField(field: Field, ports: SightingPorts): void {
  const value = field.value.slice(0, PIECE)
  if (value.length < SHORTEST_KEY) return
  for (const found of findKeys(value, ports.provider)) {
    if (!isOurs(found, ports.provider)) continue
    ports.onSighting({
      ...{ key: value.slice(found.start, found.end), storable: found.storable, element: field },
      isShown: () => showsValue(field) && isShown(field),
    })
  }
}

/** C58, C59: another vendor’s key shown here, or one that may be none, is nobody’s to offer. */
export function isOurs({ provider, confidence, storable }: KeyCandidate, own: ProviderId): boolean {
  return provider === own && (confidence === 'high' || !storable)
}
