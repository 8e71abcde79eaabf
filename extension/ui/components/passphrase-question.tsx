import { useRef, useState, type ComponentProps, type ReactNode } from 'react'
import type { WalletError } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { Button } from './button.tsx'
import { CurrentPassphrase } from './current-passphrase.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Form } from './form.tsx'

interface Props {
  readonly label?: string | undefined
  readonly hint?: string | undefined
  readonly takesFocus?: boolean
  readonly look?: ComponentProps<typeof Button>['look']
  readonly submit: string
  readonly busyText: string
  /** Says an error in words of the caller's own. */
  readonly notice?: (error: WalletError) => ReactNode
  /** Boxes above the passphrase, and a choice below. */
  readonly above?: ReactNode
  readonly below?: ReactNode
  /** Whether the boxes above can be taken; asked before the passphrase goes. */
  readonly isReady?: () => boolean
  /** What the passphrase was asked for. The box is empty again before it begins. */
  readonly onAnswer: (passphrase: string) => Promise<void>
}

const errorNotice = (error: WalletError) => <ErrorNotice error={error} />

/** Asks for the passphrase, for what an open vault alone does not give. */
export function PassphraseQuestion(props: Props) {
  const { label, hint, submit, busyText, above, below, onAnswer } = props
  const { takesFocus = above === undefined, look = 'primary', isReady } = props
  const [passphrase, setPassphrase] = useState('')
  const { busy, error, run } = useAction()
  const box = useRef<HTMLInputElement>(null)
  return (
    <Form
      onSubmit={() => {
        if (isReady?.() === false || passphrase === '') return
        run(async () => {
          setPassphrase('')
          try {
            await onAnswer(passphrase)
          } catch (refusal) {
            box.current?.focus()
            throw refusal
          }
        })
      }}
    >
      {above}
      <CurrentPassphrase
        value={passphrase}
        onChange={setPassphrase}
        busy={busy}
        {...{ takesFocus, label, hint }}
        ref={box}
      />
      {below}
      {error && <div className="mt-3">{(props.notice ?? errorNotice)(error)}</div>}
      <Button look={look} type="submit" className="mt-4" disabled={busy}>
        {busy ? busyText : submit}
      </Button>
    </Form>
  )
}

interface ConfirmProps extends Omit<Props, 'onAnswer'> {
  readonly onConfirmed: () => Promise<void>
}

/** Asks for the passphrase, and goes on once the background has taken it. */
export function PassphraseConfirm({ onConfirmed, ...rest }: ConfirmProps) {
  return (
    <PassphraseQuestion
      {...rest}
      onAnswer={async (passphrase) => {
        await request('vault.reauthenticate', { passphrase })
        await onConfirmed()
      }}
    />
  )
}
