import { WalletError } from '@valetkey/wallet/protocol'
import type { PassphraseKdf } from '@valetkey/wallet/vault'
import { kdfReplySchema, type KdfRequest } from '../offscreen/messages.ts'
import type { Runtime } from './browser.ts'

const DOCUMENT = 'offscreen.html'
const CONNECT_MS = 15_000

/** Argon2id in the offscreen document, which exists only while it derives. */
export interface OffscreenKdf {
  readonly derive: PassphraseKdf
  /** The background hands over the port the document opened. */
  attach(port: Runtime.Port): void
}

export function createOffscreenKdf(): OffscreenKdf {
  let attached = Promise.withResolvers<Runtime.Port>()
  let nextId = 1
  const connect = async (): Promise<Runtime.Port> => {
    await closeLeftover()
    // Only a port opened from here on belongs to the new document.
    attached = Promise.withResolvers()
    await openDocument()
    return attached.promise
  }
  const derive: PassphraseKdf = async (passphraseBytes, salt, params) => {
    const copy = new Uint8Array(passphraseBytes)
    try {
      const port = await withinTime(connect())
      const request: KdfRequest = {
        id: nextId++,
        passphraseBytes: copy,
        salt: new Uint8Array(salt),
        params,
      }
      return await ask(port, request)
    } finally {
      copy.fill(0)
      // WASM memory that held the passphrase goes with the document.
      await chrome.offscreen.closeDocument().catch(() => undefined)
    }
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    attach: (port) => {
      attached.resolve(port)
    },
    // One at a time: Chrome allows a single offscreen document.
    derive(...given) {
      const run = last.then(() => derive(...given))
      last = run.catch(() => undefined)
      return run
    },
  }
}

/** A document that never connects would hold this unlock, and every later one, for ever. */
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

async function openDocument(): Promise<void> {
  await chrome.offscreen.createDocument({
    url: DOCUMENT,
    reasons: ['WORKERS'],
    justification: 'Derives the vault key from the passphrase without blocking calls in flight.',
  })
}

function ask(port: Runtime.Port, request: KdfRequest): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    port.onDisconnect.addListener(() => {
      reject(new WalletError('internal'))
    })
    port.onMessage.addListener((message: unknown) => {
      const parsed = kdfReplySchema.safeParse(message)
      if (!parsed.success || parsed.data.id !== request.id) return
      if (parsed.data.ok) resolve(new Uint8Array(parsed.data.derivedBytes))
      else reject(new WalletError('internal'))
    })
    port.postMessage(request)
  })
}
