import { useState, type ReactNode } from 'react'
import { PASSPHRASE_MIN_LENGTH, isWalletError, type WalletError } from '@valetkey/wallet/protocol'
import type { Strength } from '@valetkey/wallet/vault/strength'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useStrength } from '../hooks/use-strength.ts'
import { MESSAGES } from '../messages.ts'
import { judgePassphrase, type PassphraseVerdict } from '../passphrase.ts'
import { estimateStrength } from '../strength.ts'
import { Button } from './button.tsx'
import { CheckRow } from './check-row.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Form } from './form.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { Notice } from './notice.tsx'
import { StrengthMeter } from './strength-meter.tsx'
import { TextField } from './text-field.tsx'

interface Props {
  readonly words: {
    readonly passphrase: string
    readonly again: string
    readonly submit: string
    readonly busy: string
  }
  readonly busy: boolean
  /** What went wrong: an error of the table, or words of the caller's own. */
  readonly error: WalletError | ReactNode
  /** What is to be filled in above the boxes first, said when it is asked for. */
  readonly missing?: string | null
  /** Boxes above, and a choice below. */
  readonly above?: ReactNode
  readonly below?: ReactNode
  readonly onChosen: (passphrase: string) => void
}

/** Chooses a passphrase, typed twice: judged while it is typed, and asked about where it is weak. */
export function PassphraseForm({ words, busy, error, missing = null, ...rest }: Props) {
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [shown, setShown] = useState(false)
  const [asked, setAsked] = useState(false)
  const [asksWeak, setAsksWeak] = useState(false)
  const strength = useStrength(passphrase)
  const judging = useAction()
  const verdict = judgePassphrase(passphrase)
  const same = passphrase === again
  const complete = missing === null && verdict.kind === 'good' && same
  const stopped = busy || judging.busy

  const submit = () => {
    setAsked(true)
    if (stopped || !complete) return
    judging.run(async () => {
      const judged = await estimateStrength(passphrase).catch(() => null)
      if (judged?.level === 'weak') setAsksWeak(true)
      else rest.onChosen(passphrase)
    })
  }
  const type = (text: string) => {
    setPassphrase(text)
    setAsksWeak(false)
  }

  return (
    <Form onSubmit={submit}>
      {rest.above}
      <NewPassphraseBox
        {...{ label: words.passphrase, passphrase, shown, verdict, strength, asked }}
        readOnly={stopped}
        onType={type}
        onSuggested={(suggested) => {
          type(suggested)
          setAgain('')
          setAsked(false)
          setShown(true)
        }}
      />
      <TextField
        label={words.again}
        type={shown ? 'text' : 'password'}
        autoComplete="new-password"
        value={again}
        readOnly={stopped}
        hint={hintOfAgain({ again, asked, same })}
        wrong={asked && (!same || again === '')}
        onType={setAgain}
      />
      <div className="mt-2">
        <CheckRow label={MESSAGES.newPassphrase.show} checked={shown} onChange={setShown} />
      </div>
      {rest.below}
      {asksWeak ? (
        <WeakQuestion
          onYes={() => {
            setAsksWeak(false)
            rest.onChosen(passphrase)
          }}
          onNo={() => {
            setAsksWeak(false)
          }}
        />
      ) : (
        <SubmitRow
          {...{ words, busy }}
          error={
            error ??
            (asked && !busy && missing !== null ? <Notice tone="stop" message={missing} /> : null)
          }
          disabled={stopped}
        />
      )}
    </Form>
  )
}

function SubmitRow({
  words,
  busy,
  error,
  disabled,
}: Pick<Props, 'words' | 'busy' | 'error'> & { readonly disabled: boolean }) {
  return (
    <>
      {error !== null && <div className="mt-3">{noticeOf(error)}</div>}
      <Button look="primary" type="submit" className="mt-4 w-full" disabled={disabled}>
        {words.submit}
      </Button>
      <p role="status" className="mt-2 min-h-5 text-small text-ink2">
        {busy && words.busy}
      </p>
    </>
  )
}

function WeakQuestion({ onYes, onNo }: { readonly onYes: () => void; readonly onNo: () => void }) {
  const { weakQuestion, weakYes, weakNo } = MESSAGES.newPassphrase
  return (
    <div className="mt-3">
      <InlineQuestion question={weakQuestion} yes={weakYes} no={weakNo} onYes={onYes} onNo={onNo} />
    </div>
  )
}

interface BoxProps {
  readonly label: string
  readonly passphrase: string
  readonly shown: boolean
  readonly verdict: PassphraseVerdict
  readonly strength: Strength | null
  readonly asked: boolean
  readonly readOnly: boolean
  readonly onType: (passphrase: string) => void
  readonly onSuggested: (passphrase: string) => void
}

function NewPassphraseBox({
  label,
  passphrase,
  shown,
  verdict,
  strength,
  asked,
  ...rest
}: BoxProps) {
  const words = MESSAGES.newPassphrase
  const { busy, error, run } = useAction()
  const [suggested, setSuggested] = useState('')
  const weak = verdict.kind === 'good' && strength?.level === 'weak'
  return (
    <>
      <TextField
        label={label}
        type={shown ? 'text' : 'password'}
        autoComplete="new-password"
        value={passphrase}
        readOnly={rest.readOnly}
        hint={hintOf(verdict, strength)}
        wrong={verdict.kind === 'repeated' || weak || (asked && verdict.kind !== 'good')}
        onType={rest.onType}
      />
      <StrengthMeter level={verdict.kind === 'good' ? (strength?.level ?? null) : null} />
      <Button
        small
        className="mt-2"
        disabled={busy || rest.readOnly}
        onClick={() => {
          run(async () => {
            const offer = await request('vault.suggest_passphrase', {})
            setSuggested(offer.passphrase)
            rest.onSuggested(offer.passphrase)
          })
        }}
      >
        {words.suggest}
      </Button>
      {suggested !== '' && suggested === passphrase && (
        <p role="status" className="mt-1 text-small text-ink2">
          {words.suggestHint}
        </p>
      )}
      {error && <ErrorNotice error={error} />}
    </>
  )
}

function hintOf(verdict: PassphraseVerdict, strength: Strength | null): string {
  const words = MESSAGES.newPassphrase
  switch (verdict.kind) {
    case 'empty':
      return words.start(PASSPHRASE_MIN_LENGTH)
    case 'short':
      return words.short(verdict.missing)
    case 'repeated':
      return words.repeated
    case 'good':
      return strength ? words.strength[strength.reason] : words.judging
  }
}

function hintOfAgain({ again, asked, same }: { again: string; asked: boolean; same: boolean }) {
  const words = MESSAGES.newPassphrase
  if (again === '') return asked ? words.once : ' '
  return same ? words.same : words.differs
}

function noticeOf(error: WalletError | ReactNode): ReactNode {
  return isWalletError(error) ? <ErrorNotice error={error} /> : error
}
