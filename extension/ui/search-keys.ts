import type { KeySummary } from '@valetkey/wallet/protocol'
import { keyName } from './provider-facts.ts'

/** Keys made ready to be searched: what a keystroke costs is one pass over plain text. */
export interface KeyIndex {
  /** The keys in which every word of the query occurs, in their order; all of them for no word. */
  find(query: string): readonly KeySummary[]
}

export function indexKeys(keys: readonly KeySummary[]): KeyIndex {
  const texts = keys.map((key) => fold([keyName(key), key.notes, ...key.sites].join('\n')))
  return {
    find(query) {
      const words = fold(query).split(/\s+/).filter(Boolean)
      if (words.length === 0) return keys
      return keys.filter((_, index) => words.every((word) => texts[index]?.includes(word)))
    },
  }
}

/** `É` is found by `e`, and the other way round. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
