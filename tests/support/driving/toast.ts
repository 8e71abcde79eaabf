/** The toast on a dashboard, as the browser draws it: its root is closed to scripts, not to a debugger. */
import type { CDPSession, Page, Protocol } from 'puppeteer'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitFor } from './screens.ts'

const TAG = 'valetkey-toast'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface ShownToast {
  /** Everything it says. */
  readonly text: string
  /** Where it stands in the window, in CSS pixels; null: it is not drawn. */
  readonly box: Box | null
  /** By name: its buttons. */
  readonly buttons: ReadonlyMap<string, Box>
  /** False while it is drawn anew: a button was there, and had no place yet. */
  readonly isWhole: boolean
}

/** Every toast in a page, its frames left out. */
export async function toastsOf(page: Page): Promise<readonly ShownToast[]> {
  const session = await page.createCDPSession()
  try {
    const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true })
    const hosts = within(root).filter(({ localName }) => localName === TAG)
    return await Promise.all(hosts.map((host) => read(session, host)))
  } finally {
    await session.detach()
  }
}

/** Waits until a page shows a toast that has come to rest. */
export function shownToast(page: Page): Promise<ShownToast> {
  return waitFor(page, 'toast', async () => {
    const [before] = await toastsOf(page)
    await sleep(60)
    const [toast] = await toastsOf(page)
    const rests = toast?.box && sameBox(before?.box, toast.box) && toast.text !== ''
    return rests && toast.isWhole && toast.buttons.size === before?.buttons.size ? toast : null
  })
}

/** The middle of a button of the toast. */
export function middleOf(toast: ShownToast, name: string): { x: number; y: number } {
  const box = toast.buttons.get(name)
  if (!box) throw new Error(`The toast has no “${name}”. It says: ${toast.text}`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

export const SAVE = 'Save in ValetKey'

function sameBox(one: Box | null | undefined, other: Box): boolean {
  return one?.x === other.x && one.y === other.y && one.height === other.height
}

async function read(session: CDPSession, host: Protocol.DOM.Node): Promise<ShownToast> {
  const nodes = within(host)
  const buttons = new Map<string, Box>()
  const all = nodes.filter(({ localName }) => localName === 'button')
  for (const node of all) {
    const box = await boxOf(session, node)
    if (box) buttons.set(nameOf(node), box)
  }
  const isWhole = buttons.size === all.length
  return { text: textOf(nodes), box: await boxOf(session, host), buttons, isWhole }
}

/** Its label, else its text. */
function nameOf(node: Protocol.DOM.Node): string {
  const attributes = node.attributes ?? []
  const at = attributes.indexOf('aria-label')
  return at % 2 === 0 ? (attributes[at + 1] ?? '') : textOf(within(node))
}

function textOf(nodes: readonly Protocol.DOM.Node[]): string {
  const isStyle = new Set(nodes.filter(({ localName }) => localName === 'style').flatMap(within))
  return nodes
    .filter((node) => node.nodeType === 3 && !isStyle.has(node))
    .map(({ nodeValue }) => nodeValue.trim())
    .filter((text) => text !== '')
    .join(' ')
}

/** A node and everything in it, shadow roots of every kind included. */
function within(node: Protocol.DOM.Node): Protocol.DOM.Node[] {
  const inside = [...(node.children ?? []), ...(node.shadowRoots ?? [])]
  return [node, ...inside.flatMap(within)]
}

async function boxOf(
  session: CDPSession,
  { backendNodeId }: Protocol.DOM.Node,
): Promise<Box | null> {
  const { quads } = await session
    .send('DOM.getContentQuads', { backendNodeId })
    .catch(() => ({ quads: [] }))
  const quad = quads[0]
  if (!quad) return null
  const xs = quad.filter((_, at) => at % 2 === 0)
  const ys = quad.filter((_, at) => at % 2 === 1)
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}
