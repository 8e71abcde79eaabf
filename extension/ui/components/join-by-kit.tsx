import { useState } from 'react'
import { isWalletError, type WalletError } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useServerAddress } from '../hooks/use-server-address.ts'
import { MESSAGES } from '../messages.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { onEscapeFromEmpty } from '../on-escape.ts'
import { AccountFields } from './account-fields.tsx'
import { Button } from './button.tsx'
import { Form } from './form.tsx'
import { Notice } from './notice.tsx'
import { ServerError } from './server-error.tsx'
import { TextField } from './text-field.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

interface Props {
  readonly onDone: () => void
  readonly onCancel: () => void
}

/** Without another device at hand: the passphrase, and what stands on the kit. */
export function JoinByKit({ onDone, onCancel }: Props) {
  const words = DEVICE_WORDS.join.kit
  const address = useServerAddress()
  const [accountId, setAccountId] = useState('')
  const [secretKey, setSecretKey] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [isAsked, setAsked] = useState(false)
  const { busy, error, run } = useAction()
  const isMissing = accountId.trim() === '' || secretKey.trim() === '' || passphrase === ''

  const join = () => {
    setAsked(true)
    if (!address.isFit() || isMissing) return
    run(async () => {
      const server = await address.permitted()
      if (server === null) return
      const kit = { accountId: accountId.trim(), secretKey: secretKey.trim() }
      await request('sync.enrol', { server, passphrase, ...kit })
      onDone()
    })
  }
  return (
    <WelcomeFrame title={words.title} text={words.text}>
      <Form onSubmit={join} onKeyDown={onEscapeFromEmpty(onCancel)}>
        <AccountFields {...{ address, accountId, busy }} onAccountId={setAccountId} />
        <TextField
          label={MESSAGES.transfer.secretKey}
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
          readOnly={busy}
          value={secretKey}
          hint={MESSAGES.transfer.secretKeyHint}
          onType={setSecretKey}
        />
        <TextField
          label={MESSAGES.transfer.passphrase}
          type="password"
          autoComplete="off"
          readOnly={busy}
          value={passphrase}
          onType={setPassphrase}
        />
        <div className="mt-3 empty:hidden">
          {isAsked && isMissing && <Notice tone="stop" message={words.missing} />}
          {error && joinNotice(error)}
        </div>
        <Button look="primary" type="submit" className="mt-4 w-full" disabled={busy}>
          {words.submit}
        </Button>
        <p role="status" className="mt-2 min-h-5 text-small text-ink2">
          {busy && words.busy}
        </p>
        <Button look="text" className="w-full" disabled={busy} onClick={onCancel}>
          {DEVICE_WORDS.join.other}
        </Button>
      </Form>
    </WelcomeFrame>
  )
}

/** Any of them may be wrong, and the server does not say which. */
export function joinNotice(error: WalletError) {
  const isWrong =
    isWalletError(error, 'auth.failed') ||
    isWalletError(error, 'request.not_found') ||
    isWalletError(error, 'request.invalid') ||
    (isWalletError(error, 'vault.unlock_failed') && !error.details?.retryAfterMs)
  if (!isWrong) return <ServerError error={error} />
  return <Notice tone="stop" {...DEVICE_WORDS.join.wrong} />
}
