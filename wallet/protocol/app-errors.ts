/**
 * What a row of the error table says about a code. `message` tells a person what happened, `action`
 * what they can do about it, `status` is the HTTP status an app sees (0: never sent as HTTP).
 */
export interface ErrorRow {
  readonly status: number
  readonly retryable: boolean
  readonly message: string
  readonly action: string
}

/**
 * What an app shows its users. The SDK carries these sentences, each a weight on every page; of other codes it
 * repeats what the wallet said.
 */
export const APP_ERRORS = {
  'request.invalid': row(
    400,
    false,
    'This request is not one ValetKey can forward.',
    'Check the address, method, headers and body of the call.',
  ),
  'request.unsupported': row(
    404,
    false,
    'ValetKey does not forward this address.',
    'Use one of the provider’s documented AI endpoints.',
  ),
  'request.rate_limited': row(
    429,
    true,
    'This site makes more calls than you allow it.',
    'Wait a moment, or raise the limit in ValetKey.',
  ),
  'grant.missing': row(
    403,
    false,
    'This site may not use your AI.',
    'Connect this app again, or switch the site on in ValetKey.',
  ),
  'grant.denied': row(403, false, 'You did not allow this.', 'Try again if you changed your mind.'),
  'grant.expired': row(
    403,
    false,
    'The time you gave this site is over.',
    'Connect this app again, or switch the site on in ValetKey.',
  ),
  'grant.revoked': row(
    403,
    false,
    'You took this site’s access back.',
    'Connect this app again, or switch the site on in ValetKey.',
  ),
  'grant.paused': row(403, false, 'ValetKey is paused.', 'Open ValetKey and press Resume.'),
  'grant.model_denied': row(
    403,
    false,
    'This site may not use this model.',
    'Choose another model in the app, or allow it in ValetKey.',
  ),
  'grant.capability_denied': row(
    403,
    false,
    'This site may not do this with your AI.',
    'Allow it in ValetKey if you want the site to do it.',
  ),
  'grant.consent_required': row(
    403,
    false,
    'This call needs your answer first.',
    'Open ValetKey and answer the question.',
  ),
  'grant.consent_timeout': row(
    403,
    false,
    'Nobody answered the question in time.',
    'Try again and answer in the ValetKey window.',
  ),
  'budget.exceeded': row(
    402,
    false,
    'This call could cost more than is left of this site’s limit.',
    'Raise the limit in ValetKey, or wait for the next period.',
  ),
  'vault.locked': row(
    423,
    false,
    'ValetKey is locked.',
    'Click the ValetKey icon and unlock it, then try again.',
  ),
  'provider.unauthorized': row(
    502,
    false,
    'The provider does not accept this key.',
    'Check the key on the provider’s site, or add a new one.',
  ),
  'provider.rate_limited': row(
    429,
    true,
    'The provider asks to slow down.',
    'Wait a moment and try again.',
  ),
  'provider.unavailable': row(503, true, 'The provider could not answer.', 'Try again in a while.'),
  'wallet.not_installed': row(
    0,
    false,
    'ValetKey is not installed in this browser.',
    'Install ValetKey and reload the page.',
  ),
  'wallet.lost': row(
    502,
    false,
    'ValetKey stopped during the call.',
    'The call may have been charged. Reload the page before you repeat it.',
  ),
  internal: row(
    500,
    false,
    'Something in ValetKey went wrong.',
    'Try again. If it stays, report it with the request number.',
  ),
} as const satisfies Record<string, ErrorRow>

export function row(status: number, retryable: boolean, message: string, action: string): ErrorRow {
  return { status, retryable, message, action }
}
