import { useRef, useState } from 'react'
import type { NamedPasskey } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { createPasskey, type PasskeyFailure } from '../passkey.ts'
import { Notice } from './notice.tsx'
import { PasskeyNameField } from './passkey-name-field.tsx'
import { PasskeyRow } from './passkey-row.tsx'
import { PassphraseQuestion } from './passphrase-question.tsx'
import { SecurityCard } from './security-card.tsx'

/** The passkeys of the vault: added, looked at, removed. */
export function PasskeysSecurity({ passkeys }: { readonly passkeys: readonly NamedPasskey[] }) {
  const words = MESSAGES.security.passkeys
  const [outcome, setOutcome] = useState<'added' | 'unsupported' | null>(null)
  const [name, setName] = useState('')
  const now = useNow()
  const list = useRef<HTMLDivElement>(null)
  return (
    <SecurityCard
      title={words.title}
      text={words.text}
      open={words.open}
      form={(close) => (
        <>
          <p className="mt-3">{words.explain}</p>
          <PassphraseQuestion
            above={<PasskeyNameField autoFocus value={name} onType={setName} />}
            submit={words.submit}
            busyText={words.busy}
            onAnswer={async (passphrase) => {
              setOutcome(null)
              const failure = await addPasskey(passphrase, name)
              // A no is an answer, not an error.
              if (failure === 'refused') return
              setOutcome(failure ?? 'added')
              setName('')
              close()
            }}
          />
        </>
      )}
    >
      <div ref={list} tabIndex={-1} className="outline-none">
        {passkeys.length === 0 ? (
          <p>{words.none}</p>
        ) : (
          <ul>
            {passkeys.map((passkey) => (
              <PasskeyRow
                key={passkey.credentialId}
                passkey={passkey}
                now={now}
                onRemoved={() => {
                  setOutcome(null)
                  list.current?.focus()
                }}
              />
            ))}
          </ul>
        )}
      </div>
      {outcome && (
        <div className="mt-3">
          {outcome === 'added' && <Notice tone="go" {...words.added} />}
          {outcome === 'unsupported' && <Notice tone="warn" {...words.unsupported} />}
        </div>
      )}
    </SecurityCard>
  )
}

/** The passphrase first: who does not know it is not sent through the browser's windows. */
async function addPasskey(passphrase: string, name: string): Promise<PasskeyFailure | null> {
  await request('vault.reauthenticate', { passphrase })
  const { prfSalt, prfInputs } = await request('passkey.prepare', {})
  const touch = await createPasskey(prfInputs, MESSAGES.security.passkeys.credential)
  if (typeof touch === 'string') return touch
  const { outcome } = await request('passkey.add', { ...touch, prfSalt, name })
  if (outcome === 'done') return null
  // Touching took longer than the passphrase counts.
  await request('vault.reauthenticate', { passphrase })
  await request('passkey.add', { ...touch, prfSalt, name })
  return null
}
