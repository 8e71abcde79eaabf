import type {
  BudgetWindow,
  Capability,
  ConsentRequest,
  KeyId,
  ProviderId,
  ProviderTerms,
  Terms,
} from '@valetkey/wallet/protocol'
import { PROVIDER_IDS, formatUsd, keysOf, parseUsd } from '@valetkey/wallet/protocol'
import { MESSAGES } from './messages.ts'
import { readAmount } from './money.ts'

type Keys = ProviderTerms['keys']

/** The terms as they stand in the consent window, half-typed amounts included. */
export interface ConsentDraft {
  /** The key chosen for a provider; null: this provider is off. */
  readonly keys: Readonly<Partial<Record<ProviderId, Keys | null>>>
  readonly abilities: readonly Capability[]
  readonly anyModel: boolean
  readonly models: Readonly<Partial<Record<ProviderId, readonly string[]>>>
  readonly amount: string
  readonly window: BudgetWindow
  readonly expiresAt: number
}

/** The terms of a draft, or what is still missing, as a sentence. */
export type DraftReading =
  | { readonly kind: 'complete'; readonly terms: Terms }
  | { readonly kind: 'incomplete'; readonly terms: Terms; readonly missing: string }

/** The providers a person may choose from: those proposed, and those they have a key for. */
export function providersOf(request: ConsentRequest): readonly ProviderId[] {
  const named = new Set(request.keys.map((key) => key.provider))
  return PROVIDER_IDS.filter((provider) => named.has(provider))
}

/**
 * A choice with one key more or less. Several keys are tried in the order the person keeps them in.
 * @returns null when no key is left
 */
export function withKey(
  choice: Keys | null,
  change: { readonly keyId: KeyId; readonly ticked: boolean; readonly order: readonly KeyId[] },
): Keys | null {
  const { keyId, ticked, order } = change
  const before = choice ? keysOf(choice) : []
  const pool = order.filter((id) => (id === keyId ? ticked : before.includes(id)))
  const [first, ...others] = pool
  if (first === undefined) return null
  return others.length === 0 ? { only: first } : { pool }
}

/** Every model that can be ticked for a provider: the catalogue's, and what the proposal names besides. */
export function modelsOffered(request: ConsentRequest, provider: ProviderId): readonly string[] {
  const proposed = proposedFor(request, provider)?.models
  const named = proposed === undefined || proposed === 'any' ? [] : proposed
  return [...new Set([...(request.models[provider] ?? []), ...named])]
}

/** The proposal as a draft. */
export function draftOf(request: ConsentRequest): ConsentDraft {
  const { proposed } = request
  const keys: Partial<Record<ProviderId, Keys | null>> = {}
  const models: Partial<Record<ProviderId, readonly string[]>> = {}
  for (const provider of providersOf(request)) {
    const entry = proposedFor(request, provider)
    keys[provider] = entry?.keys ?? null
    models[provider] =
      entry && entry.models !== 'any' ? entry.models : modelsOffered(request, provider)
  }
  const [budget] = proposed.budgets
  return {
    keys,
    models,
    abilities: abilitiesProposed(request),
    anyModel: proposed.providers.some((entry) => entry.models === 'any'),
    amount: formatUsd(parseUsd(budget?.usd ?? '0')),
    window: budget?.window ?? 'month',
    expiresAt: proposed.expiresAt,
  }
}

/** What pressing Allow would grant. Limits this window does not show stay as proposed. */
export function readDraft(request: ConsentRequest, draft: ConsentDraft): DraftReading {
  const usd = readAmount(draft.amount)
  const [, ...otherBudgets] = request.proposed.budgets
  const providers = providersOf(request).flatMap((provider) => termsFor(request, draft, provider))
  const terms: Terms = {
    ...request.proposed,
    providers,
    budgets: [
      { usd: usd ?? '0.00', window: draft.window },
      ...otherBudgets.filter((budget) => budget.window !== draft.window),
    ],
    expiresAt: draft.expiresAt,
  }
  const missing = missingIn(terms, usd)
  return missing === null ? { kind: 'complete', terms } : { kind: 'incomplete', terms, missing }
}

function termsFor(
  request: ConsentRequest,
  draft: ConsentDraft,
  provider: ProviderId,
): ProviderTerms[] {
  const keys = draft.keys[provider]
  if (!keys) return []
  const models = draft.anyModel ? 'any' : [...(draft.models[provider] ?? [])]
  return [{ provider, keys, models, capabilities: abilitiesFor(request, draft, provider) }]
}

/**
 * What was ticked, as far as it was proposed for this provider, and what the person added themselves:
 * an untouched window grants exactly the proposal.
 */
function abilitiesFor(
  request: ConsentRequest,
  draft: ConsentDraft,
  provider: ProviderId,
): Capability[] {
  const own = proposedFor(request, provider)?.capabilities
  const proposed = abilitiesProposed(request)
  return draft.abilities.filter(
    (ability) => !own || own.includes(ability) || !proposed.includes(ability),
  )
}

function abilitiesProposed(request: ConsentRequest): readonly Capability[] {
  return [...new Set(request.proposed.providers.flatMap((entry) => entry.capabilities))]
}

function missingIn(terms: Terms, usd: string | null): string | null {
  const words = MESSAGES.consent
  if (terms.providers.length === 0) return words.needsKey
  if (terms.providers.some((entry) => entry.capabilities.length === 0)) return words.needsAbility
  if (terms.providers.some((entry) => entry.models.length === 0)) return words.needsModel
  return usd === null ? words.needsAmount : null
}

function proposedFor(request: ConsentRequest, provider: ProviderId): ProviderTerms | undefined {
  return request.proposed.providers.find((entry) => entry.provider === provider)
}
