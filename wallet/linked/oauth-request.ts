/** What an app asks for by OAuth, and what it is answered, in the wallet's own terms (protocols §3). */
import {
  WalletError,
  isGrantableOrigin,
  type AuthorizationDetail,
  type ConnectRequest,
  type OAuthDetails,
  type Terms,
} from '../protocol/index.ts'

/** As many as the form of the answer takes. */
const MODELS_TOLD = 64

/**
 * The site the tab goes to after the answer: it gets the code, whatever the app says of itself.
 * @throws `request.invalid` (reason `redirect`) for an address that is no site's
 */
export function siteOfRedirect({ redirectUri }: Pick<OAuthDetails, 'redirectUri'>): string {
  const url = URL.parse(redirectUri ?? '')
  // The origin of a scheme of a program's own is `null`.
  if (url === null || !isGrantableOrigin(url.origin)) {
    throw new WalletError('request.invalid', { reason: 'redirect' })
  }
  return url.origin
}

/** What it asks for, as the wish of a page: nothing of it binds. */
export function wishOfDetails(details: readonly AuthorizationDetail[]): ConnectRequest {
  const capabilities = [...new Set(details.flatMap(({ actions }) => actions ?? ['chat' as const]))]
  const providers = unionOf(details.map((detail) => detail.providers))
  const models = unionOf(details.map((detail) => detail.models))
  const budget = details.find((detail) => detail.budget)?.budget
  return {
    capabilities,
    ...(providers && { providers }),
    ...(models && { models }),
    ...(budget && { budget }),
  }
}

/** What the person allowed, as the app is told that it got it. */
export function detailsOfTerms(terms: Terms): AuthorizationDetail[] {
  const { providers, budgets, limits, expiresAt, sealed = 'required', usageShare } = terms
  const [budget] = budgets
  const models = providers.every((entry) => entry.models === 'any')
    ? null
    : providers.flatMap((entry) => (entry.models === 'any' ? ['*'] : entry.models))
  return [
    {
      type: 'ai_inference',
      actions: [...new Set(providers.flatMap(({ capabilities }) => capabilities))],
      providers: providers.map(({ provider }) => provider),
      ...(models && { models: [...new Set(models)].slice(0, MODELS_TOLD) }),
      ...(budget && { budget }),
      limits: {
        ...{ per_minute: limits.perMinute, parallel: limits.parallel },
        max_output_tokens: limits.maxOutputTokens,
      },
      ...{ expires_at: new Date(expiresAt).toISOString(), sealed },
      ...(usageShare && { usage_share: usageShare }),
    },
  ]
}

/**
 * C93: the tab goes where the person read that it goes, with the answer and nothing else; the server adds
 * what it may and cannot lead elsewhere.
 * @param answer what the server is to have answered
 * @throws `protocol.invalid_message` for any other address
 */
export function checkRedirect(
  redirect: string | null,
  asked: { readonly redirectUri: string | null; readonly server: string },
  answer: 'code' | 'error',
): URL {
  const given = URL.parse(redirect ?? '')
  const expected = URL.parse(asked.redirectUri ?? '')
  if (!given || !expected) throw new WalletError('protocol.invalid_message')
  for (const name of [answer, 'state', 'iss']) {
    expected.searchParams.append(name, given.searchParams.getAll(name).at(-1) ?? '')
  }
  // C97: and by whom it was answered (RFC 9207).
  const isOurs = expected.searchParams.getAll('iss').at(-1) === asked.server
  if (given.href !== expected.href || !isOurs) throw new WalletError('protocol.invalid_message')
  return given
}

/** Null where one of them names none, and so any. */
function unionOf<T>(lists: readonly (readonly T[] | undefined)[]): T[] | null {
  const named = lists.filter((list) => list !== undefined)
  return named.length < lists.length ? null : [...new Set(named.flat())]
}
