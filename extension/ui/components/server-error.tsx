import { isWalletError, type WalletError } from '@valetkey/wallet/protocol'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

/** An error of a server between devices: the table speaks of providers and of sites there. */
export function ServerError({ error }: { readonly error: WalletError }) {
  const words = wordsOf(error)
  return words ? <Notice tone="stop" {...words} /> : <ErrorNotice error={error} />
}

function wordsOf(error: WalletError) {
  const { errors, problems } = DEVICE_WORDS
  if (isWalletError(error, 'provider.network')) return errors.unreachable
  if (isWalletError(error, 'provider.unavailable')) return errors.unreachable
  if (isWalletError(error, 'auth.forbidden')) return errors.closed
  if (isWalletError(error, 'auth.failed')) return problems.out
  if (isWalletError(error, 'request.rate_limited')) return errors.tooOften
  if (isWalletError(error, 'sync.conflict')) return problems.conflict
  if (isWalletError(error, 'sync.rollback')) return problems.rollback
  return null
}
