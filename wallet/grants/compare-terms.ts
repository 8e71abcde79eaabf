import {
  BUDGET_WINDOWS,
  PROVIDER_IDS,
  keysOf,
  parseUsd,
  type BudgetWindow,
  type NanoUsd,
  type ProviderId,
  type ProviderTerms,
  type Terms,
} from '../protocol/index.ts'
import { matchesPattern } from './match-pattern.ts'

/** When a grant asks about a call: always, never, or above an amount in nano-USD. */
export type AskRule = 'always' | 'never' | { readonly above: NanoUsd }

/** A part of what a provider may be used for that is another after the change. */
export type EntryChange =
  | { readonly term: 'provider'; readonly before: boolean; readonly after: boolean }
  | {
      readonly term: 'keys'
      readonly before: ProviderTerms['keys']
      readonly after: ProviderTerms['keys']
    }
  | {
      readonly term: 'models'
      readonly before: ProviderTerms['models']
      readonly after: ProviderTerms['models']
    }
  | {
      readonly term: 'capabilities'
      readonly before: ProviderTerms['capabilities']
      readonly after: ProviderTerms['capabilities']
    }
  /** Several entries for one provider, which cannot be told part by part. */
  | { readonly term: 'entries' }

interface Amounts {
  /** Null: no such limit. Nano-USD, calls or tokens. */
  readonly before: number | null
  readonly after: number | null
}

/** One difference between two sets of terms. `wider`: after it something may be allowed that was not. */
export type TermsChange = { readonly wider: boolean } & (
  | ({ readonly provider: ProviderId } & EntryChange)
  | ({
      readonly term: 'budgets' | 'requests' | 'tokens'
      readonly window: BudgetWindow
    } & Amounts)
  | {
      readonly term: 'perMinute' | 'parallel' | 'maxOutputTokens' | 'expiresAt'
      readonly before: number
      readonly after: number
    }
  | { readonly term: 'ask'; readonly before: AskRule; readonly after: AskRule }
  | {
      readonly term: 'endpoints'
      readonly before: readonly string[] | null
      readonly after: readonly string[] | null
    }
)

/**
 * What differs between two sets of terms, in the order a person reads them. Whatever cannot be shown to
 * be as narrow as before counts as wider.
 */
export function compareTerms(before: Terms, after: Terms): readonly TermsChange[] {
  return [
    ...PROVIDER_IDS.flatMap((provider) => entryChanges(provider, before, after)),
    ...periodChanges('budgets', nanoUsdIn(before), nanoUsdIn(after)),
    ...periodChanges('requests', countsIn(before.requests), countsIn(after.requests)),
    ...periodChanges('tokens', countsIn(before.tokens), countsIn(after.tokens)),
    ...askChange(askRuleOf(before), askRuleOf(after)),
    ...numberChange('perMinute', before.limits.perMinute, after.limits.perMinute),
    ...numberChange('parallel', before.limits.parallel, after.limits.parallel),
    ...numberChange('maxOutputTokens', before.limits.maxOutputTokens, after.limits.maxOutputTokens),
    ...endpointsChange(before.endpoints ?? null, after.endpoints ?? null),
    ...numberChange('expiresAt', before.expiresAt, after.expiresAt),
  ]
}

function entryChanges(provider: ProviderId, before: Terms, after: Terms): TermsChange[] {
  const [from, to] = [entriesOf(before, provider), entriesOf(after, provider)]
  const [was, ...othersBefore] = from
  const [is, ...othersAfter] = to
  if (!was && !is) return []
  if (othersBefore.length > 0 || othersAfter.length > 0) {
    if (JSON.stringify(from) === JSON.stringify(to)) return []
    const wider = !to.every((entry) => from.some((old) => isWithin(entry, old)))
    return [{ provider, term: 'entries', wider }]
  }
  if (!was) return [{ provider, term: 'provider', before: false, after: true, wider: true }]
  if (!is) return [{ provider, term: 'provider', before: true, after: false, wider: false }]
  return partChanges(was, is).map((change) => ({ provider, ...change }))
}

function partChanges(was: ProviderTerms, is: ProviderTerms) {
  const changes: (EntryChange & { readonly wider: boolean })[] = []
  // The order of a pool says which key comes first, so another order is a change too.
  if (!isSameList(keysOf(was.keys), keysOf(is.keys))) {
    const wider = !hasAll(keysOf(was.keys), keysOf(is.keys))
    changes.push({ term: 'keys', before: was.keys, after: is.keys, wider })
  }
  const sameModels =
    was.models === 'any' || is.models === 'any'
      ? was.models === is.models
      : isSameSet(was.models, is.models)
  if (!sameModels) {
    const wider = !coversModels(was.models, is.models)
    changes.push({ term: 'models', before: was.models, after: is.models, wider })
  }
  if (!isSameSet(was.capabilities, is.capabilities)) {
    const wider = !hasAll(was.capabilities, is.capabilities)
    changes.push({ term: 'capabilities', before: was.capabilities, after: is.capabilities, wider })
  }
  return changes
}

function isWithin(entry: ProviderTerms, old: ProviderTerms): boolean {
  return (
    hasAll(keysOf(old.keys), keysOf(entry.keys)) &&
    coversModels(old.models, entry.models) &&
    hasAll(old.capabilities, entry.capabilities)
  )
}

function coversModels(old: ProviderTerms['models'], now: ProviderTerms['models']): boolean {
  if (old === 'any') return true
  return now !== 'any' && coversPatterns(old, now)
}

/**
 * Whether every text of the new patterns is one of the old. A star of a new pattern is compared as a
 * character: only a star of an old one can take it, so whatever it stands for fits there too.
 */
function coversPatterns(old: readonly string[], now: readonly string[]): boolean {
  return now.every((pattern) => old.some((each) => matchesPattern(each, pattern)))
}

type Periods = ReadonlyMap<BudgetWindow, number>

function periodChanges(
  term: 'budgets' | 'requests' | 'tokens',
  before: Periods,
  after: Periods,
): TermsChange[] {
  return BUDGET_WINDOWS.flatMap((window): TermsChange[] => {
    const [was, is] = [before.get(window) ?? null, after.get(window) ?? null]
    if (was === is) return []
    return [
      {
        term,
        window,
        before: was,
        after: is,
        wider: isWider(term, { was, is }, { before, after }),
      },
    ]
  })
}

function isWider(
  term: 'budgets' | 'requests' | 'tokens',
  { was, is }: { readonly was: number | null; readonly is: number | null },
  { before, after }: { readonly before: Periods; readonly after: Periods },
): boolean {
  // No budget at all allows nothing that costs (formats §7): the first one opens, the last one shuts.
  if (term === 'budgets' && is === null) return after.size > 0
  if (was === null) return term === 'budgets' && before.size === 0
  return is === null || is > was
}

/** Of two limits for the same period the smaller one counts. */
function smallest(limits: readonly { window: BudgetWindow; limit: number }[]): Periods {
  const periods = new Map<BudgetWindow, number>()
  for (const { window, limit } of limits) {
    periods.set(window, Math.min(limit, periods.get(window) ?? Infinity))
  }
  return periods
}

function nanoUsdIn(terms: Terms): Periods {
  return smallest(terms.budgets.map(({ usd, window }) => ({ window, limit: parseUsd(usd) })))
}

function countsIn(limits: Terms['requests'] = []): Periods {
  return smallest(limits.map(({ count, window }) => ({ window, limit: count })))
}

function askRuleOf({ askAlways, askAbove }: Terms): AskRule {
  if (askAlways === true) return 'always'
  return askAbove === undefined ? 'never' : { above: parseUsd(askAbove) }
}

function askChange(before: AskRule, after: AskRule): TermsChange[] {
  const [was, is] = [silentUpTo(before), silentUpTo(after)]
  return was === is ? [] : [{ term: 'ask', before, after, wider: is > was }]
}

/** The most a call may cost without a question; below nothing where even a free one is asked about. */
function silentUpTo(rule: AskRule): number {
  if (rule === 'always') return -1
  return rule === 'never' ? Infinity : rule.above
}

function numberChange(
  term: 'perMinute' | 'parallel' | 'maxOutputTokens' | 'expiresAt',
  before: number,
  after: number,
): TermsChange[] {
  return before === after ? [] : [{ term, before, after, wider: after > before }]
}

function endpointsChange(
  before: readonly string[] | null,
  after: readonly string[] | null,
): TermsChange[] {
  if (before === null && after === null) return []
  if (before !== null && after !== null && isSameSet(before, after)) return []
  const wider = before !== null && (after === null || !coversPatterns(before, after))
  return [{ term: 'endpoints', before, after, wider }]
}

function entriesOf(terms: Terms, provider: ProviderId): readonly ProviderTerms[] {
  return terms.providers.filter((entry) => entry.provider === provider)
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index])
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return hasAll(one, other) && hasAll(other, one)
}

function hasAll(all: readonly string[], some: readonly string[]): boolean {
  return some.every((each) => all.includes(each))
}
