import { useRef, useState } from 'react'
import type { PasskeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { createPasskey, type PasskeyFailure } from '../passkey.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { Notice } from './notice.tsx'
import { PassphraseQuestion } from './passphrase-question.tsx'
import { SecurityCard } from './security-card.tsx'

const NAME_LENGTH = 4

/** The passkeys of the vault: added, looked at, removed. */
export function PasskeysSecurity({ passkeys }: { readonly passkeys: readonly PasskeySummary[] }) {
  const words = MESSAGES.security.passkeys
  const [outcome, setOutcome] = useState<'added' | 'unsupported' | null>(null)
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
            submit={words.submit}
            busyText={words.busy}
            onAnswer={async (passphrase) => {
              setOutcome(null)
              const failure = await addPasskey(passphrase)
              // A no is an answer, not an error.
              if (failure === 'refused') return
              setOutcome(failure ?? 'added')
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
            {passkeys.map(({ credentialId }) => (
              <PasskeyRow
                key={credentialId}
                credentialId={credentialId}
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
async function addPasskey(passphrase: string): Promise<PasskeyFailure | null> {
  await request('vault.reauthenticate', { passphrase })
  const { prfSalt, prfInputs } = await request('passkey.prepare', {})
  const touch = await createPasskey(prfInputs, MESSAGES.security.passkeys.credential)
  if (typeof touch === 'string') return touch
  const { outcome } = await request('passkey.add', { ...touch, prfSalt })
  if (outcome === 'done') return null
  // Touching took longer than the passphrase counts.
  await request('vault.reauthenticate', { passphrase })
  await request('passkey.add', { ...touch, prfSalt })
  return null
}

interface RowProps {
  readonly credentialId: string
  /** The row goes, and the focus must not go with it. */
  readonly onRemoved: () => void
}

function PasskeyRow({ credentialId, onRemoved }: RowProps) {
  const words = MESSAGES.security.passkeys
  const [asks, setAsks] = useState(false)
  const { busy, error, run } = useAction()
  return (
    <li className="not-first:border-t not-first:border-line">
      <div className="flex min-h-11 items-center gap-3">
        <span className="min-w-0 flex-1 font-medium">
          {words.name(credentialId.slice(-NAME_LENGTH))}
        </span>
        <Button
          small
          onClick={() => {
            setAsks(true)
          }}
        >
          {words.remove}
        </Button>
      </div>
      {asks && (
        <InlineQuestion
          question={words.removeQuestion}
          yes={words.removeYes}
          no={words.removeNo}
          busy={busy}
          onNo={() => {
            setAsks(false)
          }}
          onYes={() => {
            run(async () => {
              await request('passkey.remove', { credentialId })
              onRemoved()
            })
          }}
        />
      )}
      {error && <ErrorNotice error={error} />}
    </li>
  )
}
