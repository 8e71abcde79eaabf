import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useShowKit } from '../made-kit.ts'
import { MESSAGES } from '../messages.ts'
import { CheckRow } from './check-row.tsx'
import { CurrentPassphrase } from './current-passphrase.tsx'
import { Notice } from './notice.tsx'
import { PassphraseForm } from './passphrase-form.tsx'
import { SecurityCard } from './security-card.tsx'

/** Another passphrase; where the old one leaked, another root key and kit with it. */
export function PassphraseSecurity() {
  const words = MESSAGES.security.passphrase
  const [changed, setChanged] = useState(false)
  return (
    <SecurityCard
      title={words.title}
      text={words.text}
      open={words.open}
      form={(close) => (
        <ChangeForm
          onChanged={() => {
            setChanged(true)
            close()
          }}
        />
      )}
    >
      {changed ? <Notice tone="go" {...words.done} /> : undefined}
    </SecurityCard>
  )
}

function ChangeForm({ onChanged }: { readonly onChanged: () => void }) {
  const words = MESSAGES.security.passphrase
  const show = useShowKit()
  const [passphrase, setPassphrase] = useState('')
  const [leaked, setLeaked] = useState(false)
  const { busy, error, run } = useAction()
  const change = (newPassphrase: string) => {
    run(async () => {
      // The box of the old one is emptied: after a refusal it is typed anew.
      setPassphrase('')
      if (leaked) {
        const made = await request('vault.rotate', { passphrase, newPassphrase, passkeys: [] })
        show({ ...made, leaked })
      } else {
        await request('vault.change_passphrase', { passphrase, newPassphrase })
        onChanged()
      }
    })
  }
  return (
    <PassphraseForm
      words={words.form}
      busy={busy}
      error={error}
      missing={passphrase === '' ? words.missing : null}
      onChosen={change}
      above={<CurrentPassphrase value={passphrase} onChange={setPassphrase} busy={busy} />}
      below={
        <div className="mt-2">
          <CheckRow label={words.leaked} checked={leaked} onChange={setLeaked} />
          {leaked && <p className="mt-1 text-small text-ink2">{words.leakedHint}</p>}
        </div>
      }
    />
  )
}
