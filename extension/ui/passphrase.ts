import { PASSPHRASE_MIN_LENGTH } from '@valetkey/wallet/protocol'

/** What to say about a passphrase while it is typed; `good` is the only one a vault is made with. */
export type PassphraseVerdict =
  | { readonly kind: 'empty' }
  | { readonly kind: 'short'; readonly missing: number }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'good' }

const DISTINCT_MIN = 5

/** Length in characters as a person counts them, and no trivial repetition. */
export function judgePassphrase(passphrase: string): PassphraseVerdict {
  const characters = Array.from(passphrase)
  if (characters.length === 0) return { kind: 'empty' }
  const missing = PASSPHRASE_MIN_LENGTH - characters.length
  if (missing > 0) return { kind: 'short', missing }
  return isRepetition(characters) ? { kind: 'repeated' } : { kind: 'good' }
}

function isRepetition(characters: readonly string[]): boolean {
  if (new Set(characters).size < DISTINCT_MIN) return true
  const text = characters.join('')
  // A text that is one short unit over and over turns up inside itself when doubled.
  return (text + text).indexOf(text, 1) < text.length
}
