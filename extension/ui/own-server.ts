import { judgeBase, type BaseReach } from '@valetkey/wallet/providers'
import type { ProviderId } from '@valetkey/wallet/protocol'
import { MESSAGES } from './messages.ts'
import { providerPlaces } from './provider-facts.ts'

/** What a person typed as the address of a server of their own. */
export type TypedBase =
  | {
      readonly kind: 'fit'
      readonly baseUrl: string
      readonly origin: string
      readonly reach: BaseReach
      readonly ownPort: boolean
    }
  /** Left empty where the provider has hosts of its own. */
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly reason: string }

/** Reads the address box of the add-key form. */
export function readBase(provider: ProviderId, typed: string): TypedBase {
  const text = typed.trim().replace(/\/+$/, '')
  const words = MESSAGES.ownServer.refusals
  const { required, pattern } = providerPlaces(provider)
  if (text === '') return required ? { kind: 'refused', reason: words.empty } : { kind: 'none' }
  const judged = judgeBase(text)
  if (judged.outcome === 'refused') return { kind: 'refused', reason: words[judged.reason] }
  const { place, reach, ownPort } = judged
  if (pattern && !pattern.test(new URL(place.origin).host)) {
    return { kind: 'refused', reason: words.azure }
  }
  return { kind: 'fit', baseUrl: text, origin: place.origin, reach, ownPort }
}
