import type { ProviderId } from '@valetkey/wallet/protocol'

/** Tokens of one answer, kinds disjoint but for `reasoning`, which is a part of `output`. */
export interface UsageCounts {
  readonly input: number
  readonly cachedInput: number
  readonly cacheWriteInput: number
  readonly output: number
  readonly reasoning: number
}

/** How the fakes answer the next authenticated requests that fit. The newest that fits wins. */
export interface Behaviour {
  readonly provider?: ProviderId
  readonly path?: RegExp
  /** How many requests it answers; all, if absent. */
  readonly times?: number

  /** What the model says. */
  readonly text?: string
  /** Token counts; `none`: the provider reports no usage at all. */
  readonly usage?: Partial<UsageCounts> | 'none'

  readonly firstByteDelayMs?: number
  /** Pause between two writes of a stream. */
  readonly gapMs?: number
  /** Cuts what is sent into writes of that many bytes, wherever events end. */
  readonly pieceBytes?: number
  /** Ends the connection after that many writes. */
  readonly cutAfterWrites?: number

  /** Answers with the provider's own error of that status. */
  readonly status?: number
  readonly message?: string
  /** Redirects there with `status` (307 if absent). */
  readonly redirectTo?: string
  /** Extra reply headers, over the usual ones. */
  readonly headers?: Readonly<Record<string, string>>
  /** This body, with status and headers as above, instead of the emulator's. */
  readonly body?: string | Uint8Array
  readonly contentType?: string
  /** A JSON body of that size. */
  readonly bodySizeBytes?: number

  /** Sends the key that arrived back: in the answer's text, in an error's message, in a header. */
  readonly echo?: { readonly form: EchoForm; readonly place: 'text' | 'error' | 'header' }
}

/** `split`: whole, but the writes end inside it. */
export type EchoForm = 'whole' | 'base64' | 'url' | 'split' | 'masked'

/** What the tests asked the fakes to do, newest first. */
export interface BehaviourList {
  /** @returns a function that takes it back */
  add(behaviour: Behaviour): () => void
  clear(): void
  /** The one for this request, or an empty one. Uses up one of its `times`. */
  take(provider: ProviderId, path: string): Behaviour
}

export function createBehaviourList(): BehaviourList {
  let entries: { readonly behaviour: Behaviour; left: number }[] = []
  return {
    add(behaviour) {
      const entry = { behaviour, left: behaviour.times ?? Infinity }
      entries = [entry, ...entries]
      return () => {
        entries = entries.filter((other) => other !== entry)
      }
    },
    clear() {
      entries = []
    },
    take(provider, path) {
      const entry = entries.find(
        ({ behaviour, left }) =>
          left > 0 &&
          (behaviour.provider ?? provider) === provider &&
          (behaviour.path?.test(path) ?? true),
      )
      if (!entry) return {}
      entry.left -= 1
      return entry.behaviour
    },
  }
}

/** The text an echo sends for a key. Full percent-encoding, because a plain key has nothing to encode. */
export function echoText(form: EchoForm, key: string): string {
  switch (form) {
    case 'whole':
    case 'split':
      return key
    case 'base64':
      return Buffer.from(`key=${key}`).toString('base64')
    case 'url':
      return [...Buffer.from(key)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
    case 'masked':
      return `${key.slice(0, 8)}${'*'.repeat(12)}${key.slice(-4)}`
  }
}
