import { useState } from 'react'
import { isWalletError, type WalletError } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { readCode } from '../pairing-code.ts'
import { Button } from './button.tsx'
import { Form } from './form.tsx'
import { Notice } from './notice.tsx'
import { PassphraseConfirm } from './passphrase-question.tsx'
import { ServerError } from './server-error.tsx'
import { TextField } from './text-field.tsx'

interface Props {
  readonly onClaimed: (six: readonly string[]) => void
}

/** Takes the code of the new device, and the passphrase where it was not typed just now. */
export function ClaimCode({ onClaimed }: Props) {
  const words = DEVICE_WORDS.add
  const [typed, setTyped] = useState('')
  const [isAsked, setAsked] = useState(false)
  const [needsPassphrase, setNeedsPassphrase] = useState(false)
  const { busy, error, run } = useAction()
  const code = readCode(typed)
  const isWrong = isAsked && code === null

  const claim = async () => {
    if (code === null) return
    const claimed = await request('pairing.claim', { code })
    if (claimed.outcome === 'claimed') onClaimed(claimed.words)
    else setNeedsPassphrase(true)
  }
  const box = (
    <TextField
      label={words.code}
      autoComplete="off"
      autoCapitalize="characters"
      spellCheck={false}
      autoFocus
      className="font-mono uppercase"
      value={typed}
      readOnly={busy}
      hint={isWrong ? words.codeWrong : words.codeHint}
      wrong={isWrong}
      onType={setTyped}
    />
  )
  if (needsPassphrase) {
    return (
      <PassphraseConfirm
        takesFocus
        above={box}
        hint={words.passphraseHint}
        submit={words.submit}
        busyText={words.busy}
        notice={claimNotice}
        isReady={() => code !== null}
        onConfirmed={claim}
      />
    )
  }
  return (
    <Form
      onSubmit={() => {
        setAsked(true)
        if (code !== null) run(claim)
      }}
    >
      {box}
      {error && <div className="mt-3">{claimNotice(error)}</div>}
      <Button look="primary" type="submit" className="mt-4" disabled={busy}>
        {busy ? words.busy : words.submit}
      </Button>
    </Form>
  )
}

function claimNotice(error: WalletError) {
  if (!isWalletError(error, 'request.not_found')) return <ServerError error={error} />
  return <Notice tone="stop" {...DEVICE_WORDS.add.notFound} />
}
