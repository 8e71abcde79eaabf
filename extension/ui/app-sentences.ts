import type { BudgetWindow, Terms } from '@valetkey/wallet/protocol'
import { countForPeople } from './limits-draft.ts'
import { MESSAGES } from './messages.ts'
import { dollarsForPeople } from './money.ts'
import { providerName } from './provider-facts.ts'
import { capabilitiesOf, list, longAbilities } from './sentences.ts'
import { dateForPeople } from './time-left.ts'

/** What the terms let an app do, a sentence each. */
export function appCan(terms: Terms): readonly string[] {
  const words = MESSAGES.apps
  const providers = terms.providers.filter(({ capabilities }) => capabilities.length > 0)
  if (providers.length === 0) return [words.canNothing]
  const uses = providers.map(({ provider, capabilities }) =>
    words.canUse(list(longAbilities(capabilities)), providerName(provider)),
  )
  const models = providers.flatMap(({ models }) => (models === 'any' ? [] : models))
  const onlySome = providers.every((entry) => entry.models !== 'any')
  return [
    ...uses,
    ...(onlySome ? [words.canModels(list([...new Set(models)]))] : []),
    words.canRead,
  ]
}

/** What the terms keep an app from, and what no terms ever give; a sentence each. */
export function appCannot(terms: Terms, now: number): readonly string[] {
  const words = MESSAGES.apps
  const { budgets, requests = [], tokens = [], limits, askAbove, askAlways, endpoints } = terms
  const period = (window: BudgetWindow) => MESSAGES.perWindow[window]
  const money = budgets.map(({ usd, window }) => `${dollarsForPeople(usd)} ${period(window)}`)
  const calls = requests.map(({ count, window }) =>
    words.calls(countForPeople(count), period(window)),
  )
  const pieces = tokens.map(({ count, window }) =>
    words.pieces(countForPeople(count), period(window)),
  )
  return [
    words.cannotSeeKey,
    MESSAGES.consent.cannot(list(leftOut(terms), 'disjunction')),
    ...(money.length > 0 ? [words.cannotSpend(list(money, 'disjunction'))] : []),
    ...(askAlways === true ? [words.cannotAtAllUnasked] : []),
    ...(askAlways !== true && askAbove !== undefined
      ? [words.cannotUnasked(dollarsForPeople(askAbove))]
      : []),
    ...(calls.length > 0 ? [words.cannotCalls(list(calls, 'disjunction'))] : []),
    words.cannotRate(countForPeople(limits.perMinute), countForPeople(limits.parallel)),
    ...(pieces.length > 0 ? [words.cannotText(list(pieces, 'disjunction'))] : []),
    words.cannotLong(countForPeople(limits.maxOutputTokens)),
    ...(endpoints ? [words.cannotAddresses(list(endpoints))] : []),
    words.cannotAfter(dateForPeople(terms.expiresAt, now)),
  ]
}

function leftOut(terms: Terms): readonly string[] {
  const allowed = new Set(capabilitiesOf(terms))
  const { cannots } = MESSAGES.consent
  return [
    ...(allowed.has('stored.ids') ? [] : [cannots.files]),
    ...(allowed.has('image') ? [] : [cannots.images]),
    ...(allowed.has('tools.fetch') ? [] : [cannots.browse]),
    cannots.account,
  ]
}
