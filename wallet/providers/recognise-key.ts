import type { ProviderId } from '../protocol/index.ts'
import { PROVIDERS } from './catalogue.ts'

export interface RecognisedKey {
  readonly provider: ProviderId
  readonly kind: string
  /** False: known, and never stored (it administers an account, or is somebody's session). */
  readonly storable: boolean
}

/**
 * Whose key a text is, as a whole; null where no shape fits. A kind that is refused is found before one
 * that is stored, so that no tolerant shape lets it in (C39).
 */
export function recogniseKey(text: string): RecognisedKey | null {
  const found = Object.values(PROVIDERS).flatMap((provider) =>
    provider.keyPatterns
      .filter(({ pattern }) => pattern.exec(text)?.[0] === text)
      .map(({ kind, storable }) => ({ provider: provider.id, kind, storable })),
  )
  return found.find((each) => !each.storable) ?? found[0] ?? null
}
