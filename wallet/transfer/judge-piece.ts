import { isValetKey, type ProviderId } from '../protocol/index.ts'
import { PROVIDERS, recogniseKey } from '../providers/index.ts'
import type { Piece } from './piece.ts'

/** What a piece of text is, if it is anything to us. */
export type Judgement =
  | {
      readonly kind: 'key'
      readonly provider: ProviderId
      /** The catalogue's name of its form; null: named as a key, of a form nobody knows. */
      readonly form: string | null
      /** Whether form or name leave no doubt whose key it is. */
      readonly sure: boolean
    }
  /** C39: an admin key or a session never enters the vault; a valet key there would be sent to a provider. */
  | { readonly kind: 'refused'; readonly reason: 'admin' | 'valet' }

/** No form of the catalogue is shorter. */
const SHORTEST_FORM = 16
/** A value that a name calls a key. */
const NAMED_KEY = /^[\x21-\x7e]{8,4096}$/
const LONGEST = 4096

/** Null for text that is nobody's key. */
export function judgePiece({ value, name, stated }: Piece): Judgement | null {
  if (value.length > LONGEST) return null
  if (isValetKey(value)) return { kind: 'refused', reason: 'valet' }
  const named = stated?.provider ?? providerOfName(name)
  const recognised = value.length < SHORTEST_FORM ? null : recogniseKey(value, named)
  if (recognised?.storable === false) return { kind: 'refused', reason: 'admin' }
  if (recognised) {
    const { provider, kind } = recognised
    return {
      kind: 'key',
      provider,
      form: kind,
      sure: named === provider || isPlain(provider, kind),
    }
  }
  if (stated) return { kind: 'key', provider: stated.provider, form: null, sure: true }
  if (named === null || !NAMED_KEY.test(value)) return null
  return { kind: 'key', provider: named, form: null, sure: false }
}

/** Whether a form says by itself whose key it is, wherever it stands. */
function isPlain(provider: ProviderId, kind: string): boolean {
  return PROVIDERS[provider].keyPatterns.some(
    (pattern) => pattern.kind === kind && pattern.scope === 'anywhere',
  )
}

// A key without hosts of its provider's needs an address, which no list of names gives.
const NAMES = Object.values(PROVIDERS)
  .filter(({ hosts }) => hosts.length > 0)
  .map(({ id, envNames }) => ({
    id,
    pattern: new RegExp(`(?:^|_)(?:${envNames.join('|')})(?:_\\d+)?$`, 'i'),
  }))

/** Whose key a variable or column holds by its name: `VITE_OPENAI_API_KEY`, `GROQ_API_KEY_2`. */
function providerOfName(name: string): ProviderId | null {
  return NAMES.find(({ pattern }) => pattern.test(name))?.id ?? null
}
