import type { ProviderId } from '../protocol/index.ts'
import { isValetKey } from '../protocol/valet-key.ts'
import { fitsAt, type Fit, type KeyForm, type KeyOwner, type Spot } from './key-forms.ts'
import { randomnessOf } from './randomness.ts'
import { eachWord, type Word } from './words.ts'

/** Something in a text that has the form of a key. `start` inclusive, `end` exclusive, in UTF-16 units. */
export interface KeyCandidate {
  readonly provider: KeyOwner
  readonly kind: string
  readonly start: number
  readonly end: number
  /** C39: false for what administers an account, is somebody's session, or opens more than models. */
  readonly storable: boolean
  /** `likely`: its form, or how it was drawn, leaves a doubt. It is offered only where a person pasted it. */
  readonly confidence: 'high' | 'likely'
}

/** Longer stretches are no key: bytes of a picture, compiled code. */
const LONGEST_WORD = 256
/** C60: no text of a person holds more; a page that does would only cost time. */
const MOST_FITTING = 1_000

/**
 * The keys in a text, in their order, never overlapping; linear in its length (C60, C76). Masked keys,
 * placeholders, valet keys and other vendors' secrets are none.
 * @param named the provider whose page, field or variable the text stands in: forms that say little by
 * themselves (32 letters and digits) count for it alone
 */
export function findKeys(text: string, named: ProviderId | null = null): KeyCandidate[] {
  const found: KeyCandidate[] = []
  let fitting = 0
  eachWord(text, (word) => {
    if (word.end - word.start > LONGEST_WORD || word.start < (found.at(-1)?.end ?? 0)) return true
    const start = startOf(text, word.start)
    const fit = fitAt({ text, start, word, named })
    if (!fit) return true
    const candidate = judge(text, start, fit, named)
    if (candidate) found.push(candidate)
    fitting += 1
    return fitting < MOST_FITTING
  })
  return found
}

function fitAt(spot: Spot): Fit | undefined {
  const fits = fitsAt(spot)
  // As for whole keys: a refused kind first, so that no tolerant form lets it in (C39).
  return (
    fits.find(({ form }) => !form.storable) ??
    fits.find(({ form }) => form.scope === 'anywhere') ??
    fits[0]
  )
}

/** Null for what has the form of a key and is none. */
function judge(
  text: string,
  start: number,
  { form, key }: Fit,
  named: ProviderId | null,
): KeyCandidate | null {
  const span = { start, end: start + key.length }
  if (isValetKey(key) || isMasked(text, span)) return null
  if (form.scope === 'named' && !standsAlone(text, span)) return null
  const randomness = randomnessOf(key, form.prefix)
  if (randomness === 'made-up') return null
  return {
    ...{ provider: form.owner, kind: form.kind, storable: form.storable, ...span },
    confidence: randomness === 'drawn' && isPlain(form, named) ? 'high' : 'likely',
  }
}

/** Google's newer keys have a dot behind two letters: their word begins after it. */
function startOf(text: string, wordStart: number): number {
  if (text[wordStart - 1] !== '.') return wordStart
  const before = text.slice(Math.max(0, wordStart - 4), wordStart)
  return /(?:^|[^A-Za-z0-9_-])[A-Z]Q\.$/.test(before) ? wordStart - 3 : wordStart
}

/** A form that says whose key it is, or one that its provider's own page shows. */
function isPlain({ scope, owner }: KeyForm, named: ProviderId | null): boolean {
  return scope === 'anywhere' || owner === named
}

/** What providers write in place of the part they hide, right beside the part they show. */
const MASK = /[*•·…●∙×]|\.\.\./

function isMasked(text: string, { start, end }: Word): boolean {
  return MASK.test(text.slice(Math.max(0, start - 3), start)) || MASK.test(text.slice(end, end + 3))
}

/** A form without a mark of its own is a key only where nothing around makes it a path, a name or a part. */
function standsAlone(text: string, { start, end }: Word): boolean {
  if (/[/.+@#:%\\]$/.test(text.slice(Math.max(0, start - 1), start))) return false
  return !/^(?:[/+@#:%=\\]|\.\S)/.test(text.slice(end, end + 2))
}
