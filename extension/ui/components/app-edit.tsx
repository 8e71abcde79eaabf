import { useState } from 'react'
import type { AppDetail } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { draftOf, readDraft } from '../consent-draft.ts'
import { useAction } from '../hooks/use-action.ts'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { askForSockets } from '../socket-permission.ts'
import { describeTermsChange } from '../terms-change.ts'
import { AppForm } from './app-form.tsx'
import { AppReview } from './app-review.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly app: AppDetail
  readonly onDone: () => void
}

/** Changing what an app may do: the form, then what the change means, then it counts. */
export function AppEdit({ app, onDone }: Props) {
  const now = useNow()
  // What was there when the form was opened: terms must not change while they are read.
  const [{ grantId, terms: before, choices }] = useState(app)
  const [draft, setDraft] = useState(() => draftOf(choices))
  const [reviews, setReviews] = useState(false)
  const [denied, setDenied] = useState(false)
  const { busy, error, run } = useAction()
  const reading = readDraft(choices, draft)
  const { terms } = reading
  const lines = describeTermsChange(before, terms, { keys: choices.keys, now })

  const save = () => {
    // Within the click: the browser asks only inside the gesture.
    const permitted = askForSockets(terms)
    setDenied(false)
    run(async () => {
      if (!(await permitted)) {
        setDenied(true)
        return
      }
      await request('app.change_terms', { grantId, terms })
      onDone()
    })
  }

  return (
    <div className="mt-2 border-t border-line p-4">
      {reviews ? (
        <AppReview
          lines={lines}
          busy={busy}
          onBack={() => {
            setReviews(false)
          }}
          onSave={save}
        />
      ) : (
        <AppForm
          choices={choices}
          draft={draft}
          reading={reading}
          changes={lines.length > 0}
          onChange={(change) => {
            setDraft({ ...draft, ...change })
          }}
          onCancel={onDone}
          onReview={() => {
            setReviews(true)
          }}
        />
      )}
      {(error ?? denied) && (
        <div className="mt-3 grid gap-2">
          {error && <ErrorNotice error={error} />}
          {denied && <Notice tone="warn" message={MESSAGES.consent.socketsDenied} />}
        </div>
      )}
    </div>
  )
}
