/** The forms of the catalogue, ordered so that a word is compared with the few it can be. */
import type { ProviderId } from '../protocol/index.ts'
import type { KeyPattern } from '../providers/index.ts'
import { refusedForm } from '../providers/formats/key-pattern.ts'
import { KEY_PATTERNS } from '../providers/key-patterns.ts'
import { PROVIDER_IDS } from '../protocol/provider-ids.ts'
import { firstWordLength, type LengthRange } from './word-length.ts'
import type { Word } from './words.ts'

/** A provider, or another vendor whose secrets are known only to be refused. */
export type KeyOwner = ProviderId | 'github-models'

export interface KeyForm extends KeyPattern {
  readonly owner: KeyOwner
  /** What every key of the form begins with; empty: nothing. */
  readonly prefix: string
}

interface SortedForm extends KeyForm {
  /** The pattern, to be tried at one place only. */
  readonly at: RegExp
  /** Lengths its first word can have. */
  readonly word: LengthRange
  /** Characters of the prefix that stand before that word (`AQ.`). */
  readonly ahead: number
}

/** C39: GitHub's tokens opened its models once. They open repositories too, so they are never kept. */
const GITHUB_FORMS: readonly KeyPattern[] = [
  refusedForm('github-token', '(?:ghp|gho|ghu|ghs)_[A-Za-z0-9]{36}'),
  refusedForm('github-token', 'github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}'),
]

const FORMS: readonly SortedForm[] = [
  ...PROVIDER_IDS.flatMap((id) => KEY_PATTERNS[id].map(formOf(id))),
  ...GITHUB_FORMS.map(formOf('github-models')),
]

function formOf(owner: KeyOwner): (pattern: KeyPattern) => SortedForm {
  return (form) => {
    const body = form.pattern.source.replace(/^\(\?<![^)]*\)/, '').replace(/\(\?!\[[^\]]*\]\)$/, '')
    const [, lead = '', rest = body] = /^((?:\[A-Z\]|[A-Z])Q\\\.)?(.*)$/.exec(body) ?? []
    const ahead = lead === '' ? 0 : 3
    const at = new RegExp(form.pattern.source, 'y')
    return { ...form, owner, at, prefix: prefixOf(body), word: firstWordLength(rest), ahead }
  }
}

/** The plain characters a pattern starts with. */
function prefixOf(body: string): string {
  const plain = /^(?:[A-Za-z0-9_-]|\\\.)*(?![?*+{|])/.exec(body)?.[0] ?? ''
  return plain.replaceAll('\\', '')
}

const FORMS_BY_START = new Map<string, SortedForm[]>()
for (const form of FORMS) {
  const start = form.prefix.slice(0, 2)
  FORMS_BY_START.set(start, [...(FORMS_BY_START.get(start) ?? []), form])
}
const NONE: readonly SortedForm[] = []

/** Where a text may hold a key, and what is known of it there. */
export interface Spot {
  readonly text: string
  /** Where the key would begin. */
  readonly start: number
  /** The first word of it, whole. */
  readonly word: Word
  /** The provider that something beside the text names: forms that say little count for it alone. */
  readonly named: ProviderId | null
}

/** A form that fits at a spot, and how far. */
export interface Fit {
  readonly form: KeyForm
  readonly key: string
}

/** Every form of the catalogue that fits at a spot. */
export function fitsAt(spot: Spot): readonly Fit[] {
  const { text, start } = spot
  const fits: Fit[] = []
  const starts = [text.slice(start, start + 2), '']
  for (const known of starts) {
    for (const form of FORMS_BY_START.get(known) ?? NONE) {
      if (!mayFit(form, spot)) continue
      form.at.lastIndex = start
      const found = form.at.exec(text)
      if (found) fits.push({ form, key: found[0] })
    }
  }
  return fits
}

/** What can be told without reading the word. */
function mayFit(form: SortedForm, { text, start, word, named }: Spot): boolean {
  const length = word.end - word.start
  if (length < form.word.min || length > form.word.max) return false
  // A kind that is refused is refused everywhere (C39).
  if (form.storable && form.scope !== 'anywhere' && form.owner !== named) return false
  return word.start - start === form.ahead && text.startsWith(form.prefix, start)
}
