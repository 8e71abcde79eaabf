import {
  keysOf,
  type Capability,
  type Grant,
  type KeyId,
  type ProviderId,
  type ProviderTerms,
  type Terms,
} from '../protocol/index.ts'
import type { CallFacts, Endpoint } from '../providers/index.ts'
import { grantState } from './grant-state.ts'
import { matchesPattern } from './match-pattern.ts'

/** A call as far as a grant can judge it. `now` in Unix milliseconds. */
export interface CallToJudge {
  readonly grant: Grant
  readonly provider: ProviderId
  readonly endpoint: Pick<Endpoint, 'method' | 'capability'>
  readonly facts: Pick<CallFacts, 'path' | 'model' | 'needs' | 'unbounded'>
  readonly now: number
}

export type Decision =
  /** The keys the grant offers for it, first choice first; never empty. */
  | { readonly outcome: 'allow'; readonly keyIds: readonly KeyId[] }
  /** Within the terms, but the person must say yes to this very call. */
  | {
      readonly outcome: 'ask'
      readonly code: 'grant.consent_required'
      readonly why: 'every_call' | 'unbounded'
      readonly keyIds: readonly KeyId[]
    }
  | Denial

/** A refusal: the code an app sees, and the term of the grant that refuses. */
type Denial =
  | {
      readonly outcome: 'deny'
      readonly code: 'grant.revoked' | 'grant.paused' | 'grant.missing'
      readonly term: 'status'
      readonly details?: undefined
    }
  | {
      readonly outcome: 'deny'
      readonly code: 'grant.expired'
      readonly term: 'expiresAt'
      readonly details?: undefined
    }
  | {
      readonly outcome: 'deny'
      readonly code: 'grant.denied'
      readonly term: 'endpoints' | 'providers' | 'keys'
      readonly details: { readonly term: 'endpoints' | 'providers' | 'keys' }
    }
  | {
      readonly outcome: 'deny'
      readonly code: 'grant.capability_denied'
      readonly term: 'capabilities'
      readonly details: { readonly capability: string }
    }
  | {
      readonly outcome: 'deny'
      readonly code: 'grant.model_denied'
      readonly term: 'models'
      readonly details: { readonly model: string }
    }

/**
 * What a grant says to a call. Pure and total: every rule can only refuse, so leaving one out or
 * narrowing the terms never allows more. Money and rates are not judged here.
 */
export function evaluate(call: CallToJudge): Decision {
  const { grant, endpoint, facts } = call
  const { terms } = grant
  const dead = refusalOfState(grant, call.now)
  if (dead) return dead
  if (!allowsPath(terms, endpoint.method, facts.path)) return leftOut('endpoints')

  const granted = terms.providers.filter((each) => each.provider === call.provider)
  if (granted.length === 0) return leftOut('providers')
  // Each entry stands alone: capabilities of one never widen the models or keys of another.
  const refusals = granted.map((each) => refusalOf(each, endpoint, facts))
  const keyIds = granted
    .filter((_, index) => refusals[index] === null)
    .flatMap(({ keys }) => keysOf(keys))
  const refusal = refusals.find((each) => each !== null)
  if (keyIds.length === 0) return refusal ?? leftOut('keys')

  if (terms.askAlways === true) return ask('every_call', keyIds)
  if (facts.unbounded) return ask('unbounded', keyIds)
  return { outcome: 'allow', keyIds }
}

function refusalOfState(grant: Grant, now: number): Denial | null {
  switch (grantState(grant, now)) {
    case 'active':
      return null
    case 'revoked':
      return { outcome: 'deny', code: 'grant.revoked', term: 'status' }
    case 'paused':
      return { outcome: 'deny', code: 'grant.paused', term: 'status' }
    case 'expired':
      return { outcome: 'deny', code: 'grant.expired', term: 'expiresAt' }
    case 'pending':
      // formats §9: an origin without an active grant learns nothing but this.
      return { outcome: 'deny', code: 'grant.missing', term: 'status' }
  }
}

function refusalOf(
  granted: ProviderTerms,
  endpoint: CallToJudge['endpoint'],
  facts: CallToJudge['facts'],
): Denial | null {
  const missing = missingCapability(granted.capabilities, endpoint, facts.needs)
  if (missing !== null) {
    const details = { capability: missing }
    return { outcome: 'deny', code: 'grant.capability_denied', term: 'capabilities', details }
  }
  if (!allowsModel(granted, endpoint, facts.model)) {
    const details = { model: facts.model ?? '' }
    return { outcome: 'deny', code: 'grant.model_denied', term: 'models', details }
  }
  return null
}

function missingCapability(
  granted: readonly Capability[],
  endpoint: CallToJudge['endpoint'],
  needs: readonly Capability[],
): string | null {
  const own = endpoint.capability
  // Listing models and counting tokens come with any capability, but not with none (formats §7).
  if (own === 'models' || own === 'tokens') {
    if (granted.length === 0) return own
  } else if (!granted.includes(own)) return own
  return needs.find((need) => !granted.includes(need)) ?? null
}

/** C40: exactly the listed names or patterns; no alias is guessed, and silence is not a model. */
function allowsModel(
  granted: ProviderTerms,
  endpoint: CallToJudge['endpoint'],
  model: string | null,
): boolean {
  if (granted.models === 'any') return true
  // Listing and counting reach no model a grant could be asked about.
  if (model === null) return isFree(endpoint) && granted.models.length > 0
  if (endpoint.capability === 'models') return granted.models.length > 0
  return granted.models.some((pattern) => matchesPattern(pattern, model))
}

function isFree(endpoint: CallToJudge['endpoint']): boolean {
  return endpoint.capability === 'models' || endpoint.capability === 'tokens'
}

/** `METHOD /path`, `*` for any run: narrows what the catalogue allows, and nothing else. */
function allowsPath(terms: Terms, method: string, path: string): boolean {
  if (terms.endpoints === undefined) return true
  return terms.endpoints.some((pattern) => matchesPattern(pattern, `${method} ${path}`))
}

/** What the terms do not name at all. */
function leftOut(term: 'endpoints' | 'providers' | 'keys'): Denial {
  return { outcome: 'deny', code: 'grant.denied', term, details: { term } }
}

function ask(
  why: 'every_call' | 'unbounded',
  keyIds: readonly KeyId[],
): Extract<Decision, { outcome: 'ask' }> {
  return { outcome: 'ask', code: 'grant.consent_required', why, keyIds }
}
