import type {
  BudgetWindow,
  Capability,
  KeyId,
  ProviderId,
  ProviderTerms,
  TermChoices,
  Terms,
} from '@valetkey/wallet/protocol'
import { PROVIDER_IDS, formatUsd, keysOf, parseUsd } from '@valetkey/wallet/protocol'
import { draftOfLimits, readLimits, type LimitsDraft } from './limits-draft.ts'
import { MESSAGES } from './messages.ts'
import { readAmount } from './money.ts'

type Keys = ProviderTerms['keys']

/** When the person is asked about a call. */
export type AskChoice = 'never' | 'above' | 'always'

/** The terms as they stand in a form, half-typed amounts included. */
export interface ConsentDraft {
  /** The key chosen for a provider; null: this provider is off. */
  readonly keys: Readonly<Partial<Record<ProviderId, Keys | null>>>
  readonly abilities: readonly Capability[]
  readonly anyModel: boolean
  readonly models: Readonly<Partial<Record<ProviderId, readonly string[]>>>
  /** Names of models typed by the person, `*` for any letters, apart by spaces or commas. */
  readonly patterns: Readonly<Partial<Record<ProviderId, string>>>
  readonly amount: string
  readonly window: BudgetWindow
  readonly ask: AskChoice
  readonly askAmount: string
  readonly limits: LimitsDraft
  /** Null: whatever the catalogue allows. */
  readonly endpoints: readonly string[] | null
  readonly expiresAt: number
}

/** The terms of a draft, or what is still missing, as a sentence. */
export type DraftReading =
  | { readonly kind: 'complete'; readonly terms: Terms }
  | { readonly kind: 'incomplete'; readonly terms: Terms; readonly missing: string }

/** What stands beside “Ask me above” before the person types an amount. */
const USUAL_ASK = '0.25'

/** The providers a person may choose from: those they have a key for. */
export function providersOf(choices: TermChoices): readonly ProviderId[] {
  const named = new Set(choices.keys.map((key) => key.provider))
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
  return choiceOf(order.filter((id) => (id === keyId ? ticked : before.includes(id))))
}

function choiceOf(pool: KeyId[]): Keys | null {
  const [first, ...others] = pool
  if (first === undefined) return null
  return others.length === 0 ? { only: first } : { pool }
}

/** Every model that can be ticked for a provider: the catalogue's, and what the proposal names besides. */
export function modelsOffered(choices: TermChoices, provider: ProviderId): readonly string[] {
  const proposed = proposedFor(choices, provider)?.models
  const named = proposed === undefined || proposed === 'any' ? [] : proposed
  return [...new Set([...(choices.models[provider] ?? []), ...named])]
}

/** The proposal as a draft. */
export function draftOf(choices: TermChoices): ConsentDraft {
  const { proposed } = choices
  const keys: Partial<Record<ProviderId, Keys | null>> = {}
  const models: Partial<Record<ProviderId, readonly string[]>> = {}
  for (const provider of providersOf(choices)) {
    const entry = proposedFor(choices, provider)
    keys[provider] = entry ? stillThere(entry.keys, choices) : null
    models[provider] =
      entry && entry.models !== 'any' ? entry.models : modelsOffered(choices, provider)
  }
  const window = proposed.budgets[0]?.window ?? 'month'
  const limits = draftOfLimits(proposed)
  const { askAbove, askAlways } = proposed
  return {
    ...{ keys, models, patterns: {} },
    abilities: abilitiesProposed(choices),
    anyModel: proposed.providers.some((entry) => entry.models === 'any'),
    amount: limits.budgets[window],
    window,
    ask: askAlways === true ? 'always' : askAbove === undefined ? 'never' : 'above',
    askAmount: askAbove === undefined ? USUAL_ASK : formatUsd(parseUsd(askAbove)),
    // It stands above the fold: with another period it goes there, and is not left behind.
    limits: { ...limits, budgets: { ...limits.budgets, [window]: '' } },
    endpoints: proposed.endpoints ?? null,
    expiresAt: proposed.expiresAt,
  }
}

/** A choice without the keys that are gone since it was made. */
function stillThere(keys: Keys, choices: TermChoices): Keys | null {
  const there = keysOf(keys).filter((id) => choices.keys.some((key) => key.id === id))
  return there.length === keysOf(keys).length ? keys : choiceOf(there)
}

/** What pressing Allow would grant. What a form does not show stays as proposed. */
export function readDraft(choices: TermChoices, draft: ConsentDraft): DraftReading {
  const usd = readAmount(draft.amount)
  const askAbove = readAmount(draft.askAmount)
  const limits = readLimits(draft.limits, draft.window)
  const { schema, lane, sealed, usageShare } = choices.proposed
  const terms: Terms = {
    ...{ schema, lane, ...limits.terms },
    ...(sealed && { sealed }),
    ...(usageShare && { usageShare }),
    providers: providersOf(choices).flatMap((provider) => termsFor(choices, draft, provider)),
    budgets: [{ usd: usd ?? '0.00', window: draft.window }, ...limits.otherBudgets],
    ...(draft.ask === 'always' && { askAlways: true }),
    ...(draft.ask === 'above' && { askAbove: askAbove ?? '0.00' }),
    ...(draft.endpoints && { endpoints: [...draft.endpoints] }),
    expiresAt: draft.expiresAt,
  }
  const missing =
    missingIn(terms, usd) ??
    (draft.ask === 'above' && askAbove === null ? MESSAGES.consent.needsAskAmount : null) ??
    limits.missing
  return missing === null ? { kind: 'complete', terms } : { kind: 'incomplete', terms, missing }
}

function termsFor(
  choices: TermChoices,
  draft: ConsentDraft,
  provider: ProviderId,
): ProviderTerms[] {
  const keys = draft.keys[provider]
  if (!keys) return []
  const models = draft.anyModel ? 'any' : chosenModels(draft, provider)
  return [{ provider, keys, models, capabilities: abilitiesFor(choices, draft, provider) }]
}

/** The models ticked and typed for a provider. */
export function chosenModels(draft: ConsentDraft, provider: ProviderId): string[] {
  const typed = (draft.patterns[provider] ?? '').split(/[\s,]+/).filter((name) => name !== '')
  return [...new Set([...(draft.models[provider] ?? []), ...typed])]
}

/**
 * What was ticked, as far as it was proposed for this provider, and what the person added themselves:
 * an untouched form grants exactly the proposal.
 */
function abilitiesFor(
  choices: TermChoices,
  draft: ConsentDraft,
  provider: ProviderId,
): Capability[] {
  const own = proposedFor(choices, provider)?.capabilities
  const proposed = abilitiesProposed(choices)
  return draft.abilities.filter(
    (ability) => !own || own.includes(ability) || !proposed.includes(ability),
  )
}

function abilitiesProposed({ proposed }: TermChoices): readonly Capability[] {
  return [...new Set(proposed.providers.flatMap((entry) => entry.capabilities))]
}

function missingIn(terms: Terms, usd: string | null): string | null {
  const words = MESSAGES.consent
  if (terms.providers.length === 0) return words.needsKey
  if (terms.providers.some((entry) => entry.capabilities.length === 0)) return words.needsAbility
  if (terms.providers.some((entry) => entry.models.length === 0)) return words.needsModel
  const names = terms.providers.flatMap(({ models }) => (models === 'any' ? [] : models))
  if (names.some((name) => name.length > 200)) return words.needsShorterModel
  if (terms.endpoints?.length === 0) return words.needsEndpoint
  return usd === null ? words.needsAmount : null
}

function proposedFor({ proposed }: TermChoices, provider: ProviderId): ProviderTerms | undefined {
  return proposed.providers.find((entry) => entry.provider === provider)
}
