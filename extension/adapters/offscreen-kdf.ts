import { WalletError } from '@valetkey/wallet/protocol'
import type { PassphraseKdf } from '@valetkey/wallet/vault'
import { kdfReplySchema, type KdfRequest } from '../offscreen/messages.ts'
import type { Runtime } from './browser.ts'

const DOCUMENT = 'offscreen.html'

/** Argon2id in the offscreen document, which exists only while it derives. */
export interface OffscreenKdf {
  readonly derive: PassphraseKdf
  /** The background hands over the port the document opened. */
  attach(port: Runtime.Port): void
}

export function createOffscreenKdf(): OffscreenKdf {
  let attached = Promise.withResolvers<Runtime.Port>()
  let nextId = 1
  const derive: PassphraseKdf = async (passphraseBytes, salt, params) => {
    await openDocument()
    const port = await attached.promise
    const request: KdfRequest = {
      id: nextId++,
      passphraseBytes: new Uint8Array(passphraseBytes),
      salt: new Uint8Array(salt),
      params,
    }
    try {
      return await ask(port, request)
    } finally {
      attached = Promise.withResolvers()
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

async function openDocument(): Promise<void> {
  const open = await chrome.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] })
  // A document left by a former worker has its port to that worker.
  if (open.length > 0) await chrome.offscreen.closeDocument()
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
