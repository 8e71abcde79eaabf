/**
 * Compatibility mode: what the browser may add to an app's own requests (interception §5). Nothing is
 * judged, metered by its reply or scrubbed there, so a grant that promises any of it is refused.
 */
import {
  WalletError,
  isWalletError,
  keysOf,
  type Grant,
  type KeyId,
  type ProviderId,
  type Terms,
} from '../protocol/index.ts'
import { providerById, type Endpoint, type KeyHeader } from '../providers/index.ts'
import type { OpenedKey } from './call.ts'
import { openFirstKey } from './open-key.ts'
import type { CallVault } from './ports.ts'

/** One endpoint of one provider, for one app. */
export interface InjectRule {
  readonly grant: Grant
  readonly origin: string
  readonly provider: ProviderId
  readonly endpoint: Endpoint
  readonly keyId: KeyId
  readonly host: string
  /** Matches the whole address and nothing longer, in what RE2 takes. */
  readonly addressPattern: string
  readonly header: { readonly name: string; readonly value: string }
  /** Whether apps put the key into the query, from where it has to go. */
  readonly removesKeyParam: boolean
}

/** @throws `grant.lane_denied` for terms that compatibility mode cannot keep */
export function assertInjectable(terms: Terms): void {
  const { budgets, requests, tokens, askAbove, askAlways, endpoints, providers } = terms
  const limited = [budgets, requests ?? [], tokens ?? []].some((limits) => limits.length > 0)
  const asks = askAbove !== undefined || askAlways === true
  const picks = endpoints !== undefined || providers.some(({ models }) => models !== 'any')
  // A server of the person's own may be anybody's tomorrow, and reflect what it gets (F3).
  const isPlaced = providers.some(({ provider }) => providerById(provider).hosts.length === 0)
  if (limited || asks || picks || isPlaced) throw new WalletError('grant.lane_denied')
}

/** The same terms without what compatibility mode cannot keep, as the person was told. */
export function withoutLimits(terms: Terms): Terms {
  const { schema, providers, limits, expiresAt } = terms
  return {
    ...{ schema, limits, expiresAt, budgets: [], lane: 'inject' },
    providers: providers.map((each) => ({ ...each, models: 'any' })),
  }
}

/**
 * The rules of a grant, with its keys. A key that is gone, or for a host of the person's own, gives none.
 * @throws `grant.lane_denied`
 */
export async function injectRules(grant: Grant, vault: CallVault): Promise<readonly InjectRule[]> {
  assertInjectable(grant.terms)
  if (!('origin' in grant.subject)) throw new WalletError('grant.lane_denied')
  const { origin } = grant.subject
  const rules: InjectRule[] = []
  for (const { provider: id, keys, capabilities } of grant.terms.providers) {
    const provider = providerById(id)
    const key = await openFirstKey(keysOf(keys), provider, vault)
    if (isWalletError(key)) continue
    for (const endpoint of provider.endpoints) {
      const { capability } = endpoint
      const isFree = capability === 'models' || capability === 'tokens'
      if (isFree ? capabilities.length === 0 : !capabilities.includes(capability)) continue
      const auth = endpoint.auth ?? provider.auth
      for (const host of provider.hosts) {
        rules.push({
          ...{ grant, origin, provider: id, endpoint, keyId: key.keyId, host },
          addressPattern: addressPattern(host, endpoint),
          header: headerOf(auth, key),
          removesKeyParam: provider.auth.header === 'x-goog-api-key',
        })
      }
    }
  }
  return rules
}

/** Headers a key travels in, of whichever provider: a page may send more than one (C33). */
export const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key']

/** The rule an app's request falls under: what the browser put a key into. */
export function ruleOf(
  rules: readonly InjectRule[],
  seen: { readonly origin: string; readonly method: string; readonly url: URL },
): InjectRule | null {
  const { origin, method, url } = seen
  return (
    rules.find(
      (rule) =>
        rule.origin === origin &&
        rule.host === url.host &&
        rule.endpoint.method === method &&
        rule.endpoint.path.test(url.pathname),
    ) ?? null
  )
}

/** Anchored at both ends: `corsproxy.io/?https://api…` has the provider in its path, and gets nothing. */
function addressPattern(host: string, { path }: Endpoint): string {
  const inner = path.source.replace(/^\^/, '').replace(/\$$/, '')
  return `^https://${host.replaceAll('.', '\\.')}(?:${inner})(?:\\?.*)?$`
}

function headerOf({ header, prefix }: KeyHeader, { secret }: OpenedKey): InjectRule['header'] {
  return { name: header, value: prefix + secret }
}
