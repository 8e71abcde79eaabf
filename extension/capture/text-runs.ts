/**
 * The text of a page in runs: what stands side by side without a break, so that a key split over adjacent
 * elements is one word again.
 */

/** Inside one of these text goes on; any other element breaks it. */
const INLINE = new Set(
  'A ABBR B BDI BDO CITE CODE DEL DFN EM FONT I INS KBD LABEL MARK Q S SAMP SMALL SPAN STRONG SUB SUP TT U VAR WBR'.split(
    ' ',
  ),
)
/** A character that keys are made of, or that stands within one. */
const KEY_END = /[A-Za-z0-9_.:-]$/
const KEY_START = /^[A-Za-z0-9_.:-]/
const TAIL = /[A-Za-z0-9_.:-]*$/
const HEAD = /^[A-Za-z0-9_.:-]*/
/** No key has fewer characters. */
const SHORTEST_KEY = 20
/** A key in elements of one character each is this long at most. */
const MOST_NEIGHBOURS = 300

export function isInline(element: Element): boolean {
  return INLINE.has(element.tagName)
}

/** A run: its text, and where in it each text node begins. */
export interface Run {
  readonly text: string
  readonly nodes: readonly Text[]
  readonly starts: readonly number[]
}

/** Makes one run of text nodes that follow each other, with what is split from them on either side. */
export function runOf(nodes: readonly Text[]): Run {
  const all = [
    ...neighbours(nodes[0], 'before').reverse(),
    ...nodes,
    ...neighbours(nodes.at(-1), 'after'),
  ]
  const breaks = breaksIn(all)
  let text = ''
  const starts = all.map((node, at) => {
    if (breaks.has(at)) text += '\n'
    const start = text.length
    text += node.data
    return start
  })
  return { text, nodes: all, starts }
}

/** The text nodes that hold a part of `start` to `end` (exclusive). */
export function nodesWithin({ nodes, starts }: Run, start: number, end: number): readonly Text[] {
  return nodes.filter((node, at) => {
    const from = starts[at] ?? 0
    return from < end && from + node.data.length > start
  })
}

/** Before which nodes the text is broken although no break stands in it: columns, boxes side by side. */
function breaksIn(nodes: readonly Text[]): ReadonlySet<number> {
  const breaks = new Set<number>()
  let chain: number[] = []
  let length = 0
  const settle = (): void => {
    // Asking for the style costs: only where a word over the seams could be a key.
    const isWord = length >= SHORTEST_KEY
    for (const at of chain) if (!isWord || isApart(nodes[at - 1], nodes[at])) breaks.add(at)
    chain = []
  }
  nodes.forEach((node, at) => {
    const before = nodes[at - 1]
    if (before && KEY_END.test(before.data) && KEY_START.test(node.data)) {
      if (chain.length === 0) length = TAIL.exec(before.data)?.[0].length ?? 0
      chain.push(at)
      length += HEAD.exec(node.data)?.[0].length ?? 0
    } else settle()
  })
  settle()
  return breaks
}

/** Whether an element between two text nodes is drawn as a box of its own. */
function isApart(one: Text | undefined, other: Text | undefined): boolean {
  if (!one || !other) return true
  const ancestors = (node: Text): Element[] => {
    const list: Element[] = []
    for (let at = node.parentElement; at && isInline(at); at = at.parentElement) list.push(at)
    return list
  }
  const [left, right] = [ancestors(one), ancestors(other)]
  const between = [
    ...left.filter((element) => !right.includes(element)),
    ...right.filter((element) => !left.includes(element)),
  ]
  return between.some((element) => !/^(?:inline|contents)$/.test(getComputedStyle(element).display))
}

/** What a mutation left alone, and what belongs to the same word. */
function neighbours(node: Text | undefined, side: 'before' | 'after'): Text[] {
  const found: Text[] = []
  let edge = node
  let at = node
  for (let steps = 0; at && edge && steps < MOST_NEIGHBOURS; steps++) {
    at = besides(at, side) ?? undefined
    // Empty ones stand between the parts in some frameworks.
    if (!at || at.data === '') continue
    if (!(side === 'after' ? isTight(edge, at) : isTight(at, edge))) break
    found.push(at)
    if (/\s/.test(at.data)) break
    edge = at
  }
  return found
}

function isTight(first: Text, second: Text): boolean {
  return KEY_END.test(first.data) && KEY_START.test(second.data)
}

/** The text node next to one, without leaving the line of text. */
function besides(node: Text, side: 'before' | 'after'): Text | null {
  let at: Node | null = node
  for (let steps = 0; steps < 50; steps++) {
    const next: Node | null = side === 'after' ? at.nextSibling : at.previousSibling
    if (!next) {
      const parent: Element | null = at.parentElement
      if (!parent || !isInline(parent)) return null
      at = parent
      continue
    }
    const inner = edgeOf(next, side)
    if (inner === 'break') return null
    if (inner) return inner
    at = next
  }
  return null
}

/** The first or last text of a node; null: it has none, `break`: it ends the line. */
function edgeOf(node: Node, side: 'before' | 'after'): Text | 'break' | null {
  let at: Node | null = node
  while (at) {
    if (at.nodeType === Node.TEXT_NODE) return at as Text
    if (at.nodeType !== Node.ELEMENT_NODE) return null
    if (!isInline(at as Element)) return 'break'
    at = side === 'after' ? at.firstChild : at.lastChild
  }
  return null
}
