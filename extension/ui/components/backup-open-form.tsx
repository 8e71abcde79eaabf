import { useState } from 'react'
import type { BackupCredentialsText, WalletError } from '@valetkey/wallet/protocol'
import { useTakenFocus } from '../hooks/use-taken-focus.ts'
import { MESSAGES } from '../messages.ts'
import { BackupErrorNotice } from './backup-error-notice.tsx'
import { Button } from './button.tsx'
import { Form } from './form.tsx'
import { TextField } from './text-field.tsx'
import { VaultPhrase } from './vault-phrase.tsx'

interface Props {
  readonly busy: boolean
  readonly error: WalletError | null
  readonly onOpen: (credentials: BackupCredentialsText) => void
  readonly onCancel: () => void
}

/** What opens a backup that was just chosen. */
export function BackupOpenForm({ busy, error, onOpen, onCancel }: Props) {
  const words = MESSAGES.transfer
  const [passphrase, setPassphrase] = useState('')
  const [secretKey, setSecretKey] = useState('')
  const heading = useTakenFocus()
  return (
    <Form
      className="appear"
      onSubmit={() => {
        if (passphrase === '') return
        const typed = secretKey.trim()
        onOpen({ passphrase, ...(typed !== '' && { secretKey: typed }) })
      }}
    >
      <h3 ref={heading} tabIndex={-1} className="font-bold outline-none">
        {words.backupOpenTitle}
      </h3>
      <p className="text-ink2">{words.backupOpenText}</p>
      <VaultPhrase />
      <TextField
        label={words.passphrase}
        type="password"
        autoComplete="off"
        value={passphrase}
        onType={setPassphrase}
      />
      <TextField
        label={words.secretKeyOptional}
        autoComplete="off"
        value={secretKey}
        hint={words.secretKeyOptionalHint}
        onType={setSecretKey}
      />
      {error && <BackupErrorNotice error={error} />}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={busy}>
          {busy ? words.opening : words.open}
        </Button>
        <Button disabled={busy} onClick={onCancel}>
          {MESSAGES.cancel}
        </Button>
      </div>
    </Form>
  )
}
