import { deriveArgon2id } from '@valetkey/wallet/crypto/kdf'
import { clearClipboard } from './clear-clipboard.ts'
import {
  OFFSCREEN_PORT,
  offscreenRequestSchema,
  type OffscreenReply,
  type OffscreenRequest,
} from './messages.ts'
import { ProviderSockets } from './provider-sockets.ts'
import { socketOrderSchema } from './socket-messages.ts'

/**
 * Serves what a worker cannot do, or must not: Argon2id would block every call for half a second (F18),
 * only a document reaches the clipboard (F21), and no rule reaches a socket that a worker opens.
 */
export function startOffscreen(): void {
  const port = chrome.runtime.connect({ name: OFFSCREEN_PORT })
  const sockets = new ProviderSockets((report) => {
    port.postMessage(report)
  })
  // C115: a worker that died left nobody to meter them.
  port.onDisconnect.addListener(() => {
    sockets.closeAll()
  })
  port.onMessage.addListener((message: unknown) => {
    const order = socketOrderSchema.safeParse(message)
    if (order.success) {
      sockets.obey(order.data)
      return
    }
    const parsed = offscreenRequestSchema.safeParse(message)
    if (!parsed.success) return
    const { id } = parsed.data
    void serve(parsed.data)
      .then(
        (bytes): OffscreenReply => ({ id, ok: true, bytes }),
        (): OffscreenReply => ({ id, ok: false }),
      )
      .then((reply) => {
        port.postMessage(reply)
      })
  })
}

async function serve(request: OffscreenRequest): Promise<Uint8Array<ArrayBuffer> | null> {
  if (request.type === 'clear-clipboard') {
    clearClipboard()
    return null
  }
  const { passphraseBytes, salt, params } = request
  try {
    return await deriveArgon2id(passphraseBytes, salt, params)
  } finally {
    passphraseBytes.fill(0)
  }
}
