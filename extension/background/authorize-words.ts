import type { ErrorCode, WalletError } from '@valetkey/wallet/protocol'

type Words = (host: string) => string

const OVER: Words = () =>
  'This request was answered already, or is too old. Nothing else was allowed. Go back to the app and begin again.'

const WORDS: Partial<Record<ErrorCode, Words>> = {
  'grant.missing': () =>
    'ValetKey answers no app in a private window. Open the app in an ordinary one.',
  'grant.consent_timeout': () =>
    'Nobody answered, so nothing was allowed. Load this page again to be asked once more.',
  'grant.consent_required': () => 'Load this page again while you look at it.',
  'request.rate_limited': () =>
    'You said no a moment ago. To be asked again, wait a little and load this page again.',
  'provider.network': (host) =>
    `ValetKey could not reach ${host}. Nothing was allowed. Load this page again.`,
  ...{ 'auth.failed': OVER, 'auth.expired': OVER, 'request.replayed': OVER },
}

/** What stands in the server's page where a request is not answered: what happened, and what to do. */
export function whyNotAnswered(error: WalletError | null, server: string): string {
  const host = server.replace(/^https?:\/\//, '')
  if (error?.details && 'reason' in error.details && error.details.reason === 'redirect') {
    return 'This app is no web site, and ValetKey lets only web sites in by this page. Nothing was allowed.'
  }
  const words = error && WORDS[error.code]
  if (words) return words(host)
  return `ValetKey and ${host} did not understand each other. Nothing was allowed. Go back to the app and begin again.`
}
