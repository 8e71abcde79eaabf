import { WalletError } from '@valetkey/wallet/protocol'
import type { PassphraseKdf } from '@valetkey/wallet/vault'
import type { OffscreenDocument } from './offscreen-document.ts'

const PURPOSE = {
  reason: 'WORKERS',
  justification: 'Derives the vault key from the passphrase without blocking calls in flight.',
} as const

/** Argon2id in the offscreen document: WASM memory that held the passphrase goes with it. */
export function createOffscreenKdf(document: OffscreenDocument): PassphraseKdf {
  return async (passphraseBytes, salt, params) => {
    const copy = new Uint8Array(passphraseBytes)
    try {
      const derivedBytes = await document.run(PURPOSE, {
        ...{ type: 'derive', passphraseBytes: copy, salt: new Uint8Array(salt), params },
      })
      if (!derivedBytes) throw new WalletError('internal')
      return derivedBytes
    } finally {
      copy.fill(0)
    }
  }
}
