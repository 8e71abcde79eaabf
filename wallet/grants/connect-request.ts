/** What an app asks for when it connects: whether a grant covers it, and the terms to propose for it. */
import {
  keysOf,
  parseUsd,
  type Capability,
  type ConnectRequest,
  type ProviderId,
  type ProviderTerms,
  type Terms,
} from '../protocol/index.ts'
import { defaultTerms, type OfferedKey } from './default-terms.ts'
import { matchesPattern } from './match-pattern.ts'

/**
 * Whether terms allow every kind of thing an app asks for, so that nobody has to be asked again. Amounts
 * are not compared: what a person made smaller stays as they made it.
 * @param now Unix ms
 */
export function coversRequest(terms: Terms, request: ConnectRequest, now: number): boolean {
  if (now >= terms.expiresAt) return false
  const entries = terms.providers.filter(({ provider, keys }) => {
    return keysOf(keys).length > 0 && (request.providers?.includes(provider) ?? true)
  })
  return (
    request.capabilities.every((wanted) =>
      entries.some(({ capabilities }) => capabilities.includes(wanted)),
    ) && (request.models ?? []).every((wanted) => entries.some((entry) => allows(entry, wanted)))
  )
}

/** A wish for many models is covered by the same wish, or by a wider one. */
function allows({ models }: ProviderTerms, wanted: string): boolean {
  return models === 'any' || models.some((each) => each === wanted || matchesPattern(each, wanted))
}

export interface Proposal {
  readonly request: ConnectRequest
  /** Unix ms */
  readonly now: number
  /** The first key of each provider there is one for. */
  readonly keys: readonly OfferedKey[]
  /** Whether a provider can do a thing at all. */
  readonly can: (provider: ProviderId, capability: Capability) => boolean
  /** The terms the app has already; null: it is new. */
  readonly standing: Terms | null
}

/**
 * The terms a consent window starts from when an app asks to be connected. No app moves the usual amount
 * up by asking: what it would like is shown beside it, and the person types it or does not.
 */
export function proposeTerms({ request, now, keys, can, standing }: Proposal): Terms {
  const offered = keys.filter(({ provider }) => request.providers?.includes(provider) ?? true)
  const usual = defaultTerms({ now, keys: offered, capabilities: request.capabilities })
  const asked: Terms = {
    ...usual,
    providers: usual.providers.flatMap((entry) => {
      const capabilities = entry.capabilities.filter((each) => can(entry.provider, each))
      const models = request.models ?? entry.models
      return capabilities.length === 0 ? [] : [{ ...entry, capabilities, models }]
    }),
    budgets: usual.budgets.flatMap((budget) => budgetsFor(budget, request.budget)),
  }
  return standing ? widen(standing, asked, now) : asked
}

type Budget = Terms['budgets'][number]

function budgetsFor(usual: Budget, asked: Budget | undefined): Budget[] {
  if (!asked || parseUsd(asked.usd) >= parseUsd(usual.usd)) return [usual]
  // So much a day or a week may be more than the usual amount a month: then both hold.
  return asked.window === 'day' || asked.window === 'week' ? [usual, asked] : [asked]
}

/** What stands, and beside it what is asked for now: nothing a person set is taken from the app. */
function widen(standing: Terms, asked: Terms, now: number): Terms {
  const both = new Map(standing.providers.map((entry) => [entry.provider, entry]))
  for (const entry of asked.providers) {
    const own = both.get(entry.provider)
    both.set(entry.provider, own ? join(own, entry) : entry)
  }
  return {
    ...standing,
    providers: [...both.values()],
    expiresAt: now < standing.expiresAt ? standing.expiresAt : asked.expiresAt,
  }
}

function join(own: ProviderTerms, asked: ProviderTerms): ProviderTerms {
  const models =
    own.models === 'any' || asked.models === 'any'
      ? 'any'
      : [...new Set([...own.models, ...asked.models])]
  const capabilities = [...new Set([...own.capabilities, ...asked.capabilities])]
  return { ...own, models, capabilities }
}
