import { WalletError, createTurns } from '@valetkey/wallet/protocol'
import { offscreenReplySchema, type OffscreenRequest } from '../offscreen/messages.ts'
import type { Runtime } from './browser.ts'
import { documentHost, type OffscreenPurpose } from './document-host.ts'

const DOCUMENT = 'offscreen.html'
const CONNECT_MS = 15_000

type RequestBody = OffscreenRequest extends infer R
  ? R extends unknown
    ? Omit<R, 'id'>
    : never
  : never

/** The document while somebody needs it. */
export interface HeldDocument {
  readonly port: Runtime.Port
  /** The last one to let go closes it. */
  release(): void
}

/** The one offscreen document there is, open only while somebody needs it. */
export interface OffscreenDocument {
  /** Has it do one thing. One after the other; what it held in memory goes with it, if nobody else holds it. */
  run(purpose: OffscreenPurpose, body: RequestBody): Promise<Uint8Array<ArrayBuffer> | null>
  /** Keeps it open, beside whatever else it does. */
  hold(purpose: OffscreenPurpose): Promise<HeldDocument>
  /** The background hands over the port the document opened. */
  attach(port: Runtime.Port): void
}

export function createOffscreenDocument(): OffscreenDocument {
  const holders = new Holders()
  let nextId = 1
  const runAlone: OffscreenDocument['run'] = async (purpose, body) => {
    const { port, release } = await holders.hold(purpose)
    try {
      return await ask(port, { ...body, id: nextId++ })
    } finally {
      await release()
    }
  }
  const alone = createTurns()
  return {
    attach: (port) => {
      holders.attach(port)
    },
    run: (...given) => alone(() => runAlone(...given)),
    async hold(purpose) {
      const { port, release } = await holders.hold(purpose)
      return { port, release: () => void release() }
    },
  }
}

/** Opens the document for the first who needs it, and closes it after the last. */
class Holders {
  #attached = Promise.withResolvers<Runtime.Port>()
  #port: Runtime.Port | null = null
  #count = 0
  /** Opening and closing take turns: Chrome allows a single offscreen document. */
  readonly #alone = createTurns()

  attach(port: Runtime.Port): void {
    this.#attached.resolve(port)
  }

  hold(purpose: OffscreenPurpose): Promise<{ port: Runtime.Port; release: () => Promise<void> }> {
    return this.#alone(async () => {
      const port = this.#port ?? (await this.#open(purpose))
      this.#count += 1
      let held = true
      const release = async (): Promise<void> => {
        if (!held) return
        held = false
        await this.#alone(() => this.#letGo(port))
      }
      return { port, release }
    })
  }

  async #open(purpose: OffscreenPurpose): Promise<Runtime.Port> {
    try {
      const port = await withinTime(this.#connect(purpose))
      this.#port = port
      this.#count = 0
      // Gone by itself, as a crashed page goes: the next one who needs it opens another.
      port.onDisconnect.addListener(() => {
        if (this.#port === port) this.#port = null
      })
      return port
    } catch (error) {
      await close()
      throw error
    }
  }

  async #connect({ reason, justification }: OffscreenPurpose): Promise<Runtime.Port> {
    await closeLeftover()
    // Only a port opened from here on belongs to the new document.
    this.#attached = Promise.withResolvers()
    await documentHost().open(DOCUMENT, { reason, justification })
    return this.#attached.promise
  }

  async #letGo(port: Runtime.Port): Promise<void> {
    // Of a document that is gone: another may be open since.
    if (this.#port !== port) return
    this.#count -= 1
    if (this.#count > 0) return
    this.#port = null
    await close()
  }
}

async function close(): Promise<void> {
  await documentHost()
    .close()
    .catch(() => undefined)
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
  if (await documentHost().isOpen()) await documentHost().close()
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
