import type { Capability, Terms } from '@valetkey/wallet/protocol'
import { LOCALE, MESSAGES } from './messages.ts'
import { dollarsForPeople } from './money.ts'
import { providerName } from './provider-facts.ts'

/** What a grant lets a site do, for the popup: `may chat with OpenAI, up to $5.00 a month`. */
export function siteSentence(terms: Terms): string {
  const words = MESSAGES.site
  const abilities = capabilitiesOf(terms).map((capability) => MESSAGES.abilities[capability].short)
  if (abilities.length === 0) return words.nothingAllowed
  const providers = terms.providers.map((entry) => providerName(entry.provider))
  const what = words.abilitiesWith(list(abilities), list([...new Set(providers)]))
  const limits = terms.budgets.map(({ usd, window }) => words.upTo(dollarsForPeople(usd), window))
  return words.may(limits.length === 0 ? what : `${what}, ${list(limits)}`)
}

/** What a site asks for, under its name in the consent window. */
export function wantsSentence(capabilities: readonly Capability[]): string {
  return MESSAGES.consent.wants(list(longAbilities(capabilities)))
}

/** What the site can do, a sentence each. */
export function canSentences(terms: Terms): readonly string[] {
  const words = MESSAGES.consent
  const beyondChat = capabilitiesOf(terms).filter((capability) => capability !== 'chat')
  return [
    words.can,
    ...(beyondChat.length > 0 ? [words.canAlso(list(longAbilities(beyondChat)))] : []),
    ...(terms.askAlways === true ? [words.asksAlways] : []),
    ...(terms.askAbove === undefined ? [] : [words.asksAbove(dollarsForPeople(terms.askAbove))]),
  ]
}

/** What it cannot do: what the terms leave out, and what no terms ever give. */
export function cannotSentence(terms: Terms): string {
  const allowed = new Set(capabilitiesOf(terms))
  const { cannot, cannots } = MESSAGES.consent
  const left: string[] = []
  if (!allowed.has('stored.ids')) left.push(cannots.files)
  if (!allowed.has('image')) left.push(cannots.images)
  if (!allowed.has('tools.fetch') && left.length < 2) left.push(cannots.browse)
  return cannot(list([...left, cannots.account], 'disjunction'))
}

export function capabilitiesOf(terms: Terms): readonly Capability[] {
  return [...new Set(terms.providers.flatMap((entry) => entry.capabilities))]
}

export function longAbilities(capabilities: readonly Capability[]): readonly string[] {
  return capabilities.map((capability) => MESSAGES.abilities[capability].long)
}

/** `a, b and c`; `write and answer` inside a list keeps commas around it readable. */
export function list(
  items: readonly string[],
  type: 'conjunction' | 'disjunction' = 'conjunction',
) {
  return new Intl.ListFormat(LOCALE, { type }).format(items)
}
