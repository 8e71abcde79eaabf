import { compareTerms, type AskRule, type TermsChange } from '@valetkey/wallet/grants'
import { keysOf, type ProviderTerms, type TermChoices, type Terms } from '@valetkey/wallet/protocol'
import { countForPeople } from './limits-draft.ts'
import { MESSAGES } from './messages.ts'
import { moneyForPeople } from './money.ts'
import { keyName, providerName } from './provider-facts.ts'
import { list } from './sentences.ts'
import { dateForPeople } from './time-left.ts'

/** One line of a change, in words: what it is about, how it was and how it will be. */
export interface ChangeLine {
  readonly what: string
  readonly from: string
  readonly to: string
  /** Whether something may be allowed after it that was not before. */
  readonly wider: boolean
}

interface Names {
  readonly keys: TermChoices['keys']
  /** Unix ms: dates of another year are told with it. */
  readonly now: number
}

/** What saving would change, a line each, in the order of the form; empty where nothing would. */
export function describeTermsChange(
  before: Terms,
  after: Terms,
  names: Names,
): readonly ChangeLine[] {
  return compareTerms(before, after).map((change) => ({
    ...lineOf(change, names),
    wider: change.wider,
  }))
}

function lineOf(change: TermsChange, names: Names): Omit<ChangeLine, 'wider'> {
  const words = MESSAGES.apps.change
  const line = (what: string, from: string, to: string) => ({ what, from, to })
  switch (change.term) {
    case 'provider': {
      const say = (isThere: boolean) => (isThere ? words.allowed : words.notAllowed)
      return line(providerName(change.provider), say(change.before), say(change.after))
    }
    case 'entries':
      return line(words.entries(providerName(change.provider)), words.entriesFrom, words.entriesTo)
    case 'keys': {
      const say = (keys: ProviderTerms['keys']) => keysInWords(keys, names.keys)
      const what = words.keys(providerName(change.provider))
      return line(what, say(change.before), say(change.after))
    }
    case 'models': {
      const what = words.models(providerName(change.provider))
      return line(what, modelsInWords(change.before), modelsInWords(change.after))
    }
    case 'capabilities': {
      const what = words.capabilities(providerName(change.provider))
      return line(what, abilitiesInWords(change.before), abilitiesInWords(change.after))
    }
    case 'budgets':
    case 'requests':
    case 'tokens': {
      const say = (limit: number | null) => limitInWords(change.term, limit)
      const what = words[change.term](MESSAGES.perWindow[change.window])
      return line(what, say(change.before), say(change.after))
    }
    case 'perMinute':
    case 'parallel':
    case 'maxOutputTokens':
      return line(words[change.term], countForPeople(change.before), countForPeople(change.after))
    case 'expiresAt': {
      const say = (at: number) => dateForPeople(at, names.now)
      return line(words.expiresAt, say(change.before), say(change.after))
    }
    case 'ask':
      return line(words.ask, askInWords(change.before), askInWords(change.after))
    case 'endpoints':
      return line(words.endpoints, addressesInWords(change.before), addressesInWords(change.after))
  }
}

function keysInWords(keys: ProviderTerms['keys'], known: TermChoices['keys']): string {
  const { nothing, lostKey } = MESSAGES.apps.change
  const names = keysOf(keys).map((id) => {
    const key = known.find((each) => each.id === id)
    return key ? keyName(key) : lostKey
  })
  return names.length === 0 ? nothing : list(names)
}

function modelsInWords(models: ProviderTerms['models']): string {
  if (models === 'any') return MESSAGES.consent.anyModel.toLowerCase()
  return models.length === 0 ? MESSAGES.apps.change.nothing : list(models)
}

function abilitiesInWords(abilities: ProviderTerms['capabilities']): string {
  const names = abilities.map((ability) => MESSAGES.abilities[ability].long)
  return names.length === 0 ? MESSAGES.apps.change.nothing : list(names)
}

function limitInWords(term: 'budgets' | 'requests' | 'tokens', limit: number | null): string {
  if (limit === null) return MESSAGES.apps.change.noLimit
  return term === 'budgets' ? moneyForPeople(limit) : countForPeople(limit)
}

function askInWords(rule: AskRule): string {
  const words = MESSAGES.apps.change
  if (rule === 'never') return words.askNever
  return rule === 'always' ? words.askAlways : words.askAbove(moneyForPeople(rule.above))
}

function addressesInWords(addresses: readonly string[] | null): string {
  const words = MESSAGES.apps.change
  if (addresses === null) return words.anyAddress
  return addresses.length === 0 ? words.nothing : list(addresses)
}
