import { deriveArgon2id } from '@valetkey/wallet/crypto/kdf'
import { OFFSCREEN_PORT, kdfRequestSchema, type KdfReply } from './messages.ts'

/** Serves Argon2id to the background: in the worker it would block every call for half a second (F18). */
export function startOffscreen(): void {
  const port = chrome.runtime.connect({ name: OFFSCREEN_PORT })
  port.onMessage.addListener((message: unknown) => {
    const parsed = kdfRequestSchema.safeParse(message)
    if (!parsed.success) return
    const { id, passphraseBytes, salt, params } = parsed.data
    void deriveArgon2id(passphraseBytes, salt, params)
      .then(
        (derivedBytes): KdfReply => ({ id, ok: true, derivedBytes }),
        (): KdfReply => ({ id, ok: false }),
      )
      .then((reply) => {
        port.postMessage(reply)
        passphraseBytes.fill(0)
      })
  })
}
