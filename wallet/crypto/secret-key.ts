import type { Bytes } from './bytes.ts'
import { createKeyText } from './key-text.ts'

export const SECRET_KEY_BYTES = 16

const text = createKeyText({
  prefix: 'VK1',
  purpose: 'secret-key',
  sizeBytes: SECRET_KEY_BYTES,
  checkCharacters: 2,
})

/** 16 bytes → `VK1-…` in four groups of seven. */
export function formatSecretKey(secretKey: Uint8Array): string {
  return text.format(secretKey)
}

/** What a person typed → 16 bytes. Errors as in `key-text.ts`. */
export function parseSecretKey(typed: string): Bytes {
  return text.parse(typed)
}
