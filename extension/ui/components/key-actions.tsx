import { useState } from 'react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { openDashboard } from '../open-dashboard.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { KeyTestNotice } from './key-test-notice.tsx'

interface Props {
  readonly summary: KeySummary
  readonly onRemove: (summary: KeySummary) => void
}

/** What can be done with a stored key here; all the rest is in the dashboard. */
export function KeyActions({ summary, onRemove }: Props) {
  const words = MESSAGES.keys
  const [asksRemove, setAsksRemove] = useState(false)
  const { busy, error, run } = useAction()
  const { id: keyId, provider, lastTest } = summary

  const test = () => {
    run(async () => {
      await request('key.check', { keyId })
    })
  }
  return (
    <div className="appear grid gap-2">
      {lastTest && <KeyTestNotice provider={provider} outcome={lastTest.outcome} />}
      {error && <ErrorNotice error={error} />}
      {asksRemove ? (
        <InlineQuestion
          question={words.confirmRemove}
          yes={words.removeYes}
          no={words.keep}
          busy={busy}
          onYes={() => {
            onRemove(summary)
          }}
          onNo={() => {
            setAsksRemove(false)
          }}
        />
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button small disabled={busy} onClick={test}>
            {busy ? words.testing : words.test}
          </Button>
          <Button
            small
            onClick={() => {
              void openDashboard('keys', keyId)
            }}
          >
            {MESSAGES.dashboardKeys.open}
          </Button>
          <Button
            look="text"
            small
            disabled={busy}
            onClick={() => {
              setAsksRemove(true)
            }}
          >
            {words.remove}
          </Button>
        </div>
      )}
    </div>
  )
}
