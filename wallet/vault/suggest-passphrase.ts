import { wordlist } from '@scure/bip39/wordlists/english.js'
import { drawIndex } from '../crypto/index.ts'
import type { Random } from '../protocol/index.ts'

/** Words of eleven bits each: 66 bits, whatever an attacker knows about how they were chosen. */
const WORD_COUNT = 6

/**
 * A passphrase to offer: six words of a public list of 2,048, each as likely as any other.
 * @throws `internal` for a generator that repeats itself
 */
export function suggestPassphrase(random: Random): string {
  const words = Array.from(
    { length: WORD_COUNT },
    () => wordlist[drawIndex(random, wordlist.length)],
  )
  return words.join(' ')
}
