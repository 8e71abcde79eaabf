import { WalletError } from '@valetkey/wallet/protocol'
import { offscreenReplySchema, type OffscreenRequest } from '../offscreen/messages.ts'
import type { Runtime } from './browser.ts'

const DOCUMENT = 'offscreen.html'
const CONNECT_MS = 15_000

/** What an offscreen document is opened for, as Chrome wants it said. */
interface OffscreenPurpose {
  readonly reason: `${chrome.offscreen.Reason}`
  readonly justification: string
}

type RequestBody = OffscreenRequest extends infer R
  ? R extends unknown
    ? Omit<R, 'id'>
    : never
  : never

/** The one offscreen document there is, open only while it works. */
export interface OffscreenDocument {
  /** Opens the document, has it do one thing, and closes it. One after the other. */
  run(purpose: OffscreenPurpose, body: RequestBody): Promise<Uint8Array<ArrayBuffer> | null>
  /** The background hands over the port the document opened. */
  attach(port: Runtime.Port): void
}

export function createOffscreenDocument(): OffscreenDocument {
  let attached = Promise.withResolvers<Runtime.Port>()
  let nextId = 1
  const connect = async (purpose: OffscreenPurpose): Promise<Runtime.Port> => {
    await closeLeftover()
    // Only a port opened from here on belongs to the new document.
    attached = Promise.withResolvers()
    const { reason, justification } = purpose
    await chrome.offscreen.createDocument({ url: DOCUMENT, reasons: [reason], justification })
    return attached.promise
  }
  const runAlone: OffscreenDocument['run'] = async (purpose, body) => {
    try {
      const port = await withinTime(connect(purpose))
      return await ask(port, { ...body, id: nextId++ })
    } finally {
      // What it held in memory goes with the document.
      await chrome.offscreen.closeDocument().catch(() => undefined)
    }
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    attach: (port) => {
      attached.resolve(port)
    },
    // Chrome allows a single offscreen document.
    run(...given) {
      const run = last.then(() => runAlone(...given))
      last = run.catch(() => undefined)
      return run
    },
  }
}

/** A document that never connects would hold this task, and every later one, for ever. */
async function withinTime<T>(connecting: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new WalletError('internal'))
  }, CONNECT_MS)
  try {
    return await Promise.race([connecting, late])
  } finally {
    clearTimeout(timer)
  }
}

/** A document left by a former worker has its port to that worker. */
async function closeLeftover(): Promise<void> {
  const open = await chrome.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] })
  if (open.length > 0) await chrome.offscreen.closeDocument()
}

function ask(
  port: Runtime.Port,
  request: OffscreenRequest,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return new Promise((resolve, reject) => {
    port.onDisconnect.addListener(() => {
      reject(new WalletError('internal'))
    })
    port.onMessage.addListener((message: unknown) => {
      const parsed = offscreenReplySchema.safeParse(message)
      if (!parsed.success || parsed.data.id !== request.id) return
      if (!parsed.data.ok) reject(new WalletError('internal'))
      else resolve(parsed.data.bytes === null ? null : new Uint8Array(parsed.data.bytes))
    })
    port.postMessage(request)
  })
}
