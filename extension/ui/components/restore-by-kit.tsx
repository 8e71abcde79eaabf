import { useState, type ReactNode } from 'react'
import { isWalletError, type WalletError } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { kitNotice } from './kit-notice.tsx'
import { Notice } from './notice.tsx'
import { PassphraseForm } from './passphrase-form.tsx'
import { RecoveryKeyField } from './recovery-key-field.tsx'

interface Props {
  readonly busy: boolean
  readonly error: WalletError | ReactNode
  /** What is to be chosen first. */
  readonly missing: string | null
  readonly onChosen: (credentials: { recoveryKey: string; newPassphrase: string }) => void
}

/** Restores a backup with the recovery kit of its time: for who forgot the passphrase. */
export function RestoreByKit({ busy, error, missing, onChosen }: Props) {
  const words = MESSAGES.transfer
  const [recoveryKey, setRecoveryKey] = useState('')
  return (
    <PassphraseForm
      words={words.restoreKitForm}
      busy={busy}
      error={isWalletError(error) ? noticeOf(error, recoveryKey) : error}
      missing={missing ?? (recoveryKey.trim() === '' ? MESSAGES.recover.missing : null)}
      onChosen={(newPassphrase) => {
        onChosen({ recoveryKey, newPassphrase })
      }}
      above={
        <RecoveryKeyField
          hint={MESSAGES.recover.recoveryKeyHint}
          busy={busy}
          value={recoveryKey}
          onChange={setRecoveryKey}
        />
      }
    />
  )
}

/** Of a backup, where the words of the kit speak of the vault here. */
function noticeOf(error: WalletError, recoveryKey: string): ReactNode {
  const words = MESSAGES.transfer
  if (isWalletError(error, 'vault.corrupt')) return <Notice tone="stop" {...words.noBackup} />
  if (isWalletError(error, 'request.not_found')) return <Notice tone="stop" {...words.noKitInIt} />
  if (isWalletError(error, 'vault.unlock_failed') && !error.details?.retryAfterMs)
    return <Notice tone="stop" {...words.wrongKit} />
  return kitNotice(error, recoveryKey)
}
