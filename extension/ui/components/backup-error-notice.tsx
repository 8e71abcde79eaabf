import { isWalletError, type WalletError } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

/** Why a backup did not open, in words about a backup. */
export function BackupErrorNotice({ error }: { readonly error: WalletError }) {
  const sentences = sentencesOf(error)
  return (
    <div className="mt-3">
      {sentences ? <Notice tone="stop" {...sentences} /> : <ErrorNotice error={error} />}
    </div>
  )
}

function sentencesOf(error: WalletError) {
  const words = MESSAGES.transfer
  if (isWalletError(error, 'vault.corrupt')) return words.noBackup
  if (isWalletError(error, 'request.invalid')) return words.noSecretKey
  const isWrong = isWalletError(error, 'vault.unlock_failed') && !error.details?.retryAfterMs
  return isWrong ? words.wrongCredentials : null
}
