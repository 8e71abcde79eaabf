import type { TermChoices } from '@valetkey/wallet/protocol'
import type { ConsentDraft, DraftReading } from '../consent-draft.ts'
import { useTakenFocus } from '../hooks/use-taken-focus.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ConsentTerms } from './consent-terms.tsx'

interface Props {
  readonly choices: TermChoices
  readonly draft: ConsentDraft
  readonly reading: DraftReading
  /** Whether saving would change anything. */
  readonly changes: boolean
  readonly onChange: (change: Partial<ConsentDraft>) => void
  readonly onCancel: () => void
  readonly onReview: () => void
}

/** The terms of an app, in the form they were given in. */
export function AppForm(props: Props) {
  const { choices, draft, reading, changes, onChange, onCancel, onReview } = props
  const words = MESSAGES.apps
  const title = useTakenFocus()
  return (
    <>
      <h3 ref={title} tabIndex={-1} className="mb-3 font-bold outline-none">
        {words.editTitle}
      </h3>
      <ConsentTerms choices={choices} draft={draft} onChange={onChange} />
      <p role="status" className="text-small text-warn not-empty:mt-2">
        {reading.kind === 'incomplete' && reading.missing}
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button look="text" onClick={onCancel}>
          {MESSAGES.cancel}
        </Button>
        <Button
          look="primary"
          className="flex-1"
          disabled={reading.kind === 'incomplete' || !changes}
          onClick={onReview}
        >
          {changes ? words.review : words.noChange}
        </Button>
      </div>
    </>
  )
}
