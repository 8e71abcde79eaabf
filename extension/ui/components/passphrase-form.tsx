import { useState } from 'react'
import { PASSPHRASE_MIN_LENGTH, type WalletError } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { judgePassphrase, type PassphraseVerdict } from '../passphrase.ts'
import { Button } from './button.tsx'
import { CheckRow } from './check-row.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { TextField } from './text-field.tsx'

interface Props {
  readonly busy: boolean
  readonly error: WalletError | null
  readonly onCreate: (passphrase: string) => void
}

/** Chooses the passphrase of a new vault, typed twice. */
export function PassphraseForm({ busy, error, onCreate }: Props) {
  const words = MESSAGES.welcome
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [shown, setShown] = useState(false)
  const [asked, setAsked] = useState(false)
  const verdict = judgePassphrase(passphrase)
  const same = passphrase === again
  const type = shown ? 'text' : 'password'

  return (
    <form
      autoComplete="off"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (!busy && verdict.kind === 'good' && same) onCreate(passphrase)
      }}
    >
      <TextField
        label={words.passphrase}
        type={type}
        autoComplete="new-password"
        value={passphrase}
        readOnly={busy}
        hint={hintOf(verdict)}
        wrong={verdict.kind === 'repeated' || (asked && verdict.kind !== 'good')}
        onChange={(event) => {
          setPassphrase(event.target.value)
        }}
      />
      <TextField
        label={words.again}
        type={type}
        autoComplete="new-password"
        value={again}
        readOnly={busy}
        hint={
          again === '' && !asked
            ? ' '
            : same && again !== ''
              ? words.hints.same
              : words.hints.differs
        }
        wrong={asked && !same}
        onChange={(event) => {
          setAgain(event.target.value)
        }}
      />
      <div className="mt-2">
        <CheckRow label={words.show} checked={shown} onChange={setShown} />
      </div>
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
      <Button look="primary" type="submit" className="mt-4 w-full" disabled={busy}>
        {words.create}
      </Button>
      <p role="status" className="mt-2 min-h-5 text-small text-ink2">
        {busy && words.creating}
      </p>
    </form>
  )
}

function hintOf(verdict: PassphraseVerdict): string {
  const { hints } = MESSAGES.welcome
  switch (verdict.kind) {
    case 'empty':
      return hints.start(PASSPHRASE_MIN_LENGTH)
    case 'short':
      return hints.short(verdict.missing)
    case 'repeated':
      return hints.repeated
    case 'good':
      return hints.good
  }
}
