import type { Capability, KeyId, ProviderId, Terms } from '../protocol/index.ts'

const DAY_MS = 86_400_000
/** What is proposed for an app whose calls whoever relays them can read: a stranger might make them in its name. */
export const PLAIN_BUDGET_USD = '2.00'

/** A provider a grant is proposed for, and the key it would use. */
export interface OfferedKey {
  readonly provider: ProviderId
  readonly keyId: KeyId
}

/**
 * The terms a consent window proposes (security §5): five dollars a month, thirty days, chat only. The
 * person narrows or widens them before allowing.
 * @param offer `now` in Unix milliseconds; `keys` in the order to try them
 */
export function defaultTerms(offer: {
  readonly now: number
  readonly keys: readonly OfferedKey[]
  readonly capabilities?: readonly Capability[]
}): Terms {
  const capabilities = offer.capabilities ?? ['chat']
  const providers = new Map<ProviderId, KeyId[]>()
  for (const { provider, keyId } of offer.keys) {
    providers.set(provider, [...(providers.get(provider) ?? []), keyId])
  }
  return {
    schema: 1,
    providers: [...providers].map(([provider, keyIds]) => ({
      provider,
      keys: choiceOf(keyIds),
      models: 'any',
      capabilities: [...capabilities],
    })),
    budgets: [{ usd: '5.00', window: 'month' }],
    // Coding and writing apps ask for answers of this length; the budget is what bounds the cost.
    limits: { perMinute: 60, parallel: 4, maxOutputTokens: 16_384 },
    expiresAt: offer.now + 30 * DAY_MS,
    lane: 'proxy',
  }
}

function choiceOf(keyIds: KeyId[]): Terms['providers'][number]['keys'] {
  const [first, ...rest] = keyIds
  return first !== undefined && rest.length === 0 ? { only: first } : { pool: keyIds }
}
