import { APP_ERRORS, row, type ErrorRow } from './app-errors.ts'

/**
 * Every error ValetKey can report: one closed table for ports, HTTP bodies, streams and the SDK
 * (design: formats §9). Codes are API: add freely, never rename. This file imports nothing: the SDK is
 * built from it.
 */
export const ERROR_TABLE = {
  ...APP_ERRORS,
  'request.too_large': row(
    413,
    false,
    'This request is larger than ValetKey forwards.',
    'Send less at once.',
  ),
  'request.aborted': row(
    499,
    false,
    'The call was stopped by the app.',
    'Nothing to do. What the provider had produced may be charged.',
  ),
  'request.replayed': row(
    409,
    false,
    'This call was already made once.',
    'Make a new call with a new id.',
  ),
  'request.unprocessable': row(
    422,
    false,
    'This request is incomplete.',
    'Check the fields it names.',
  ),
  'provider.network': row(
    502,
    true,
    'The provider could not be reached.',
    'Check your connection and try again.',
  ),
  'request.not_found': row(
    404,
    false,
    'There is nothing under this name.',
    'Check the name and try again.',
  ),
  'request.untranslatable': row(
    422,
    false,
    'This model’s provider cannot do a part of this request.',
    'Leave out the field it names, or choose a model of another provider.',
  ),
  'request.use_client_sdk': row(
    400,
    false,
    'A server cannot do this without seeing your keys.',
    'Do it in the extension, or with the SDK.',
  ),
  'request.not_implemented': row(
    501,
    false,
    'This part of ValetKey is not there yet.',
    'Update ValetKey, or use another way.',
  ),
  'grant.lane_denied': row(
    403,
    false,
    'Compatibility mode cannot keep this site’s limits.',
    'Take its spending limit, its questions and its choice of models out first.',
  ),
  'vault.unlock_failed': row(
    401,
    false,
    'That passphrase does not open this vault.',
    'Check Caps Lock and the keyboard layout, and try again. Nothing was changed.',
  ),
  'vault.corrupt': row(
    500,
    false,
    'A stored record could not be read.',
    'Nothing was overwritten. Restore a backup, or remove the record and add it again.',
  ),
  'vault.newer': row(
    500,
    false,
    'This was written by a newer ValetKey.',
    'Update ValetKey, then try again. Nothing was changed.',
  ),
  'vault.quota': row(
    507,
    false,
    'There is no room left to save this.',
    'Free some disk space and try again. What was saved before is unharmed.',
  ),
  'relay.wallet_offline': row(
    503,
    true,
    'The wallet is not connected.',
    'Open the browser that holds the wallet.',
  ),
  'relay.wallet_locked': row(423, false, 'The wallet is locked.', 'Unlock ValetKey and try again.'),
  'relay.wallet_timeout': row(
    504,
    true,
    'The wallet did not take the call.',
    'Try again: nothing was sent.',
  ),
  'relay.wallet_lost': row(
    502,
    false,
    'The wallet went away during the call.',
    'The call may have been charged. Check before you repeat it.',
  ),
  'relay.sealed_required': row(
    403,
    false,
    'This grant takes sealed calls only.',
    'Use the SDK, which seals.',
  ),
  'auth.failed': row(
    401,
    false,
    'These credentials are not accepted.',
    'Check them and try again.',
  ),
  'auth.expired': row(401, true, 'This session is over.', 'Sign in again.'),
  'auth.forbidden': row(
    403,
    false,
    'This is not yours to do.',
    'Sign in with the account that owns it.',
  ),
  'sync.conflict': row(
    409,
    true,
    'Another device wrote first.',
    'Fetch the newest state and try again.',
  ),
  'sync.rollback': row(
    409,
    false,
    'The server shows an older vault than you have seen.',
    'Do not enter anything. Compare with another device.',
  ),
  'sync.resync_required': row(
    410,
    true,
    'This device was away too long.',
    'It fetches everything anew.',
  ),
  'protocol.invalid_message': row(
    400,
    false,
    'A message was not in the agreed form.',
    'Reload the page. If it stays, update ValetKey.',
  ),
} as const satisfies Record<string, ErrorRow>

/** A code of the error table, `area.reason`. */
export type ErrorCode = keyof typeof ERROR_TABLE

/** Whether a string is a code of the table. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, code)
}
