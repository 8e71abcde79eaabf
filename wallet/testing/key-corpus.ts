/**
 * Labelled texts for key detection. Every key is drawn from a seeded generator in the public shape of its
 * provider; none was ever issued, and none is written down, so that no scanner takes the source for a leak.
 */
import { CORPUS_KEYS, KEY_WRAPPINGS } from './key-corpus-keys.ts'
import { CORPUS_NEGATIVES } from './key-corpus-negatives.ts'
import { createDraw, type Draw } from './draw-text.ts'

/** One labelled text. */
export interface CorpusEntry {
  readonly id: string
  /** `key`: one, `keys`: several, `negative`: nothing may be found. */
  readonly label: 'key' | 'keys' | 'negative'
  readonly provider: string | readonly string[] | null
  readonly kind: string | readonly string[] | null
  /** False: it must be recognised, and refused. */
  readonly storable?: boolean
  /** True: it must not be found when the host is unknown. */
  readonly needsContext?: boolean
  /** Host of the page the text stands on; null: anywhere. */
  readonly host: string | null
  readonly text: string
  readonly secret: string | readonly string[] | null
}

const EACH = 3

/** The same corpus for the same seed. */
export function createKeyCorpus(seed: string): readonly CorpusEntry[] {
  const draw = createDraw(seed)
  const keys = CORPUS_KEYS.flatMap((form) =>
    Array.from({ length: EACH }, (): Omit<CorpusEntry, 'id' | 'text'> => ({
      label: 'key',
      ...{ provider: form.provider, kind: form.kind, host: form.host ?? null },
      ...{ storable: form.storable ?? true, needsContext: form.needsContext ?? false },
      secret: draw(form.template),
    })),
  )
  const positive = keys.map((entry, at) => ({
    ...entry,
    text: wrapped(String(entry.secret), at),
  }))
  return [...positive, twoKeys(draw), ...negatives(draw)].map((entry, at) => ({
    ...entry,
    id: `${entry.label}-${String(at)}`,
  }))
}

function wrapped(secret: string, at: number): string {
  return (KEY_WRAPPINGS[at % KEY_WRAPPINGS.length] ?? '%').replace('%', secret)
}

function twoKeys(draw: Draw): Omit<CorpusEntry, 'id'> {
  const secret = [draw('gsk_{A52}'), draw('sk-or-v1-{H64}')]
  return {
    ...{ label: 'keys', provider: ['groq', 'openrouter'], kind: ['api', 'api-or-management'] },
    ...{ storable: true, host: null, secret },
    text: `GROQ_API_KEY=${secret[0] ?? ''}\nOPENROUTER_API_KEY=${secret[1] ?? ''}\n`,
  }
}

function negatives(draw: Draw): Omit<CorpusEntry, 'id'>[] {
  return CORPUS_NEGATIVES.map(({ template, host = null }) => ({
    ...{ label: 'negative', provider: null, kind: null, secret: null },
    ...{ host, text: draw(template) },
  }))
}
