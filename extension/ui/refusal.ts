import {
  ERROR_TABLE,
  budgetWindowSchema,
  capabilitySchema,
  isErrorCode,
  type ErrorCode,
  type SiteState,
} from '@valetkey/wallet/protocol'
import { MESSAGES } from './messages.ts'
import { dollarsForPeople, moneyAtMost } from './money.ts'

const MODEL_SHOWN = 60
const SHOWN_MS = 24 * 3_600_000

/** Refusals that a working grant has already answered. */
const OVER_WHEN_ON = new Set(['grant.missing', 'grant.denied', 'grant.revoked', 'grant.expired'])

/**
 * The last refusal of a site, when there is still something to do about it: one sentence, the term that
 * refused where it is known, and what to do. A lock is over once this can be read; a refusal of yesterday helps nobody.
 */
export function openRefusal(
  site: SiteState,
  now: number,
): { readonly at: number; readonly message: string; readonly action: string } | null {
  const refusal = site.lastRefusal
  if (!refusal || now - refusal.at > SHOWN_MS || !isErrorCode(refusal.code)) return null
  if (refusal.code === 'vault.locked') return null
  if (site.state === 'on' && OVER_WHEN_ON.has(refusal.code)) return null
  const { message, action } = ERROR_TABLE[refusal.code]
  const term = refusedTerm(refusal.code, refusal.details ?? {})
  return { at: refusal.at, message, action: term === null ? action : `${term} ${action}` }
}

type Details = NonNullable<NonNullable<SiteState['lastRefusal']>['details']>

function refusedTerm(code: ErrorCode, details: Details): string | null {
  const words = MESSAGES.site.refusedTerm
  const { model, capability, term } = details
  if (code === 'grant.model_denied' && typeof model === 'string') {
    // The page names it: it must not fill the popup with words of its own.
    return words.model(model.slice(0, MODEL_SHOWN))
  }
  if (code === 'grant.capability_denied') {
    const known = capabilitySchema.safeParse(capability)
    return known.success ? words.capability(MESSAGES.abilities[known.data].long) : null
  }
  if (code === 'budget.exceeded') return budgetTerm(details)
  const isTerm = term === 'endpoints' || term === 'providers' || term === 'keys'
  return code === 'grant.denied' && isTerm ? words[term] : null
}

function budgetTerm({ window, limitUsd, usedUsd, neededUsd, wholeUsd }: Details): string | null {
  const known = budgetWindowSchema.safeParse(window)
  if (!known.success) return null
  const amounts = [neededUsd, usedUsd, limitUsd]
  if (!amounts.every((amount) => typeof amount === 'string')) return null
  const [needed = '', used = '', limit = ''] = amounts
  const per = MESSAGES.perWindow[known.data]
  if (typeof wholeUsd === 'string') {
    return MESSAGES.site.refusedTerm.budgetPart(
      dollarsForPeople(limit),
      dollarsForPeople(wholeUsd),
      per,
    )
  }
  return MESSAGES.site.refusedTerm.budget(
    moneyAtMost(needed),
    moneyAtMost(used),
    dollarsForPeople(limit),
    per,
  )
}
