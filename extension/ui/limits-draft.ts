/** The limits behind “More limits”, as they stand in a form: half-typed numbers included. */
import {
  BUDGET_WINDOWS,
  formatUsd,
  parseUsd,
  type BudgetWindow,
  type Terms,
} from '@valetkey/wallet/protocol'
import { MESSAGES } from './messages.ts'
import { readAmount } from './money.ts'

/** What stands in the box of each period; nothing: no such limit. */
type PeriodTexts = Readonly<Record<BudgetWindow, string>>

export interface LimitsDraft {
  /** Dollars; the period of the budget that stands above the fold is not read. */
  readonly budgets: PeriodTexts
  readonly requests: PeriodTexts
  readonly tokens: PeriodTexts
  readonly perMinute: string
  readonly parallel: string
  readonly maxOutputTokens: string
}

interface ReadLimits {
  readonly terms: Pick<Terms, 'limits' | 'requests' | 'tokens'>
  /** Budgets for the periods but the one above the fold. */
  readonly otherBudgets: Terms['budgets']
  /** What cannot be read, as a sentence. */
  readonly missing: string | null
}

const NOTHING: PeriodTexts = { day: '', week: '', month: '', total: '' }
/** What no number a person means goes beyond. */
const HIGHEST = 1_000_000_000_000

export function draftOfLimits(terms: Terms): LimitsDraft {
  const { budgets, requests = [], tokens = [], limits } = terms
  const amounts = budgets.map(({ usd, window }) => ({ window, count: parseUsd(usd) }))
  return {
    budgets: textsOf(amounts, formatUsd),
    requests: textsOf(requests, countForPeople),
    tokens: textsOf(tokens, countForPeople),
    perMinute: countForPeople(limits.perMinute),
    parallel: countForPeople(limits.parallel),
    maxOutputTokens: countForPeople(limits.maxOutputTokens),
  }
}

/** @param mainWindow the period of the budget above the fold */
export function readLimits(draft: LimitsDraft, mainWindow: BudgetWindow): ReadLimits {
  const words = MESSAGES.consent
  const budgets = readPeriods({ ...draft.budgets, [mainWindow]: '' }, readAmount)
  const requests = readPeriods(draft.requests, readCount)
  const tokens = readPeriods(draft.tokens, readCount)
  const perMinute = readCount(draft.perMinute)
  const parallel = readCount(draft.parallel)
  const maxOutputTokens = readCount(draft.maxOutputTokens)
  const missing = [
    budgets.isWrong && words.wrong.budgets,
    requests.isWrong && words.wrong.requests,
    tokens.isWrong && words.wrong.tokens,
    perMinute === null && words.wrong.perMinute,
    parallel === null && words.wrong.parallel,
    maxOutputTokens === null && words.wrong.maxOutputTokens,
  ].find((sentence) => sentence !== false)
  return {
    otherBudgets: budgets.read.map(({ window, value }) => ({ usd: value, window })),
    terms: {
      limits: {
        perMinute: perMinute ?? 1,
        parallel: parallel ?? 1,
        maxOutputTokens: maxOutputTokens ?? 1,
      },
      ...(requests.read.length > 0 && { requests: requests.read.map(asLimit) }),
      ...(tokens.read.length > 0 && { tokens: tokens.read.map(asLimit) }),
    },
    missing: missing ?? null,
  }
}

/** `16384` → `16,384`. */
export function countForPeople(count: number): string {
  return count.toLocaleString('en-US')
}

/** What a person typed as a number (`"16,384"`, `" 60 "`) → a whole number above nothing, or null. */
export function readCount(text: string): number | null {
  const plain = text.trim().replace(/(?<=\d)[, ](?=\d{3}(?!\d))/g, '')
  const count = /^\d{1,13}$/.test(plain) ? Number(plain) : 0
  return count > 0 && count <= HIGHEST ? count : null
}

interface PeriodValue<T> {
  readonly window: BudgetWindow
  readonly value: T
}

function readPeriods<T>(texts: PeriodTexts, read: (text: string) => T | null) {
  const filled = BUDGET_WINDOWS.filter((window) => texts[window].trim() !== '')
  const values = filled.map((window) => ({ window, value: read(texts[window]) }))
  const isRead = (each: PeriodValue<T | null>): each is PeriodValue<T> => each.value !== null
  return { read: values.filter(isRead), isWrong: !values.every(isRead) }
}

/** Of two limits for the same period the smaller one counts. */
function textsOf(
  limits: readonly { readonly window: BudgetWindow; readonly count: number }[],
  write: (count: number) => string,
): PeriodTexts {
  const least = new Map<BudgetWindow, number>()
  for (const { window, count } of limits) {
    least.set(window, Math.min(count, least.get(window) ?? Infinity))
  }
  return { ...NOTHING, ...Object.fromEntries([...least].map(([at, count]) => [at, write(count)])) }
}

function asLimit({ window, value }: PeriodValue<number>) {
  return { count: value, window }
}
