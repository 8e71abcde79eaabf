import { useState, type ReactNode } from 'react'
import { isWalletError, type WalletError } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { BackupErrorNotice } from './backup-error-notice.tsx'
import { Button } from './button.tsx'
import { Form } from './form.tsx'
import { Notice } from './notice.tsx'
import { TextField } from './text-field.tsx'

interface Props {
  readonly busy: boolean
  readonly error: WalletError | ReactNode
  /** What is to be chosen first. */
  readonly missing: string | null
  readonly onChosen: (credentials: { passphrase: string; secretKey: string }) => void
}

/** Restores a backup as the same vault, with what opened it then. */
export function RestoreByPassphrase({ busy, error, onChosen, ...rest }: Props) {
  const words = MESSAGES.transfer
  const [passphrase, setPassphrase] = useState('')
  const [secretKey, setSecretKey] = useState('')
  const [isAsked, setIsAsked] = useState(false)
  const isEmpty = passphrase === '' || secretKey.trim() === ''
  const missing = rest.missing ?? (isEmpty ? words.restoreNeedsBoth : null)
  return (
    <Form
      onSubmit={() => {
        setIsAsked(true)
        if (!busy && missing === null) onChosen({ passphrase, secretKey: secretKey.trim() })
      }}
    >
      <TextField
        label={words.passphrase}
        type="password"
        autoComplete="off"
        value={passphrase}
        readOnly={busy}
        onType={setPassphrase}
      />
      <TextField
        label={words.secretKey}
        autoComplete="off"
        className="font-mono"
        value={secretKey}
        readOnly={busy}
        hint={words.secretKeyHint}
        onType={setSecretKey}
      />
      {isAsked && missing !== null ? (
        <div className="mt-3">
          <Notice tone="stop" message={missing} />
        </div>
      ) : (
        error !== null && <RestoreError error={error} />
      )}
      <Button look="primary" type="submit" disabled={busy} className="mt-4 w-full">
        {words.restoreRun}
      </Button>
      <p role="status" className="mt-2 min-h-5 text-small text-ink2">
        {busy && words.restoring}
      </p>
    </Form>
  )
}

function RestoreError({ error }: Pick<Props, 'error'>) {
  if (isWalletError(error)) return <BackupErrorNotice error={error} />
  return <div className="mt-3">{error}</div>
}
