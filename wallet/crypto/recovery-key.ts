import type { Bytes } from './bytes.ts'
import { createKeyText } from './key-text.ts'

export const RECOVERY_KEY_BYTES = 32

const text = createKeyText({
  prefix: 'VR1',
  purpose: 'recovery-key',
  sizeBytes: RECOVERY_KEY_BYTES,
  checkCharacters: 4,
})

/** 32 bytes → `VR1-…` in eight groups of seven. */
export function formatRecoveryKey(recoveryKey: Uint8Array): string {
  return text.format(recoveryKey)
}

/** What a person typed → 32 bytes. Errors as in `key-text.ts`. */
export function parseRecoveryKey(typed: string): Bytes {
  return text.parse(typed)
}
