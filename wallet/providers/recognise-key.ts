import type { ProviderId } from '../protocol/index.ts'
import { PROVIDERS } from './catalogue.ts'
import type { KeyPattern } from './provider.ts'

export interface RecognisedKey {
  readonly provider: ProviderId
  readonly kind: string
  /** False: known, and never stored (it administers an account, or is somebody's session). */
  readonly storable: boolean
  /** `context`: other things look like it too. */
  readonly scope: KeyPattern['scope']
}

/**
 * Whose key a text is, as a whole; null where no shape fits. A kind that is refused is found before one
 * that is stored, so that no tolerant shape lets it in (C39).
 * @param named the provider that something beside the text names: forms that say nothing by themselves
 * count for it alone
 */
export function recogniseKey(text: string, named: ProviderId | null = null): RecognisedKey | null {
  const found = Object.values(PROVIDERS).flatMap((provider) =>
    provider.keyPatterns
      .filter(({ scope }) => scope !== 'named' || provider.id === named)
      .filter(({ pattern }) => pattern.exec(text)?.[0] === text)
      .map(({ kind, storable, scope }) => ({ provider: provider.id, kind, storable, scope })),
  )
  return (
    found.find(({ storable }) => !storable) ??
    found.find(({ scope }) => scope === 'anywhere') ??
    found.find(({ provider }) => provider === named) ??
    found[0] ??
    null
  )
}
