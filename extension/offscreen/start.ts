import { deriveArgon2id } from '@valetkey/wallet/crypto/kdf'
import { clearClipboard } from './clear-clipboard.ts'
import {
  OFFSCREEN_PORT,
  offscreenRequestSchema,
  type OffscreenReply,
  type OffscreenRequest,
} from './messages.ts'

/**
 * Serves what a worker cannot do, or must not: Argon2id would block every call for half a second (F18),
 * and only a document reaches the clipboard (F21).
 */
export function startOffscreen(): void {
  const port = chrome.runtime.connect({ name: OFFSCREEN_PORT })
  port.onMessage.addListener((message: unknown) => {
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
