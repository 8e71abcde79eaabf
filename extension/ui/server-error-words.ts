import { isWalletError, type WalletError } from '@valetkey/wallet/protocol'
import { DEVICE_WORDS } from './messages/devices.ts'

interface ErrorWords {
  readonly message: string
  readonly action: string
}

/** What an error of a server between devices means; null: the table says it, which speaks of providers and sites. */
export function serverErrorWords(error: WalletError): ErrorWords | null {
  const { errors, problems } = DEVICE_WORDS
  if (isWalletError(error, 'provider.network')) return errors.unreachable
  if (isWalletError(error, 'provider.unavailable')) return errors.unreachable
  if (isWalletError(error, 'auth.forbidden')) {
    return error.details?.reason === 'removed' ? problems.out : errors.closed
  }
  if (isWalletError(error, 'auth.failed')) return problems.out
  if (isWalletError(error, 'request.rate_limited')) return errors.tooOften
  if (isWalletError(error, 'sync.conflict')) return problems.conflict
  if (isWalletError(error, 'sync.rollback')) {
    return error.details?.reason === 'pairing' ? errors.tampered : problems.rollback
  }
  return null
}
