import type { ValetKeyError } from '../valet-key-error.ts'
import { createError } from './errors.ts'

/** The way to the wallet broke during a call: nobody here knows whether the provider was asked. */
export function lostCall(cause?: unknown): ValetKeyError {
  return createError('relay.wallet_lost', { message: 'The call was cut off.', cause })
}
