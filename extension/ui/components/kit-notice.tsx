import type { ReactNode } from 'react'
import { isWalletError, type WalletError } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

/** What the table says of a request is of no use to who typed a recovery key: the same in words of the kit. */
export function kitNotice(error: WalletError, typed: string): ReactNode {
  const words = MESSAGES.recover
  if (isWalletError(error, 'request.invalid')) {
    const isSecretKey = /^\s*VK/i.test(typed)
    return <Notice tone="stop" {...(isSecretKey ? words.secretKeyTyped : words.mistyped)} />
  }
  if (isWalletError(error, 'vault.unlock_failed') && !error.details?.retryAfterMs)
    return <Notice tone="stop" {...words.wrong} />
  if (isWalletError(error, 'request.not_found')) return <Notice tone="stop" {...words.none} />
  return <ErrorNotice error={error} />
}
