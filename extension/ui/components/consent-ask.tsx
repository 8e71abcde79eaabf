import { useId } from 'react'
import type { AskChoice } from '../consent-draft.ts'
import { MESSAGES } from '../messages.ts'
import { DollarBox } from './dollar-box.tsx'
import { FieldRow } from './field-row.tsx'
import { RowSelect } from './row-select.tsx'

interface Props {
  readonly choice: AskChoice
  readonly amount: string
  readonly onChange: (change: { ask: AskChoice } | { askAmount: string }) => void
}

const CHOICES: readonly AskChoice[] = ['above', 'always', 'never']

/** Above which amount the person wants to be asked about a call. */
export function ConsentAsk({ choice, amount, onChange }: Props) {
  const words = MESSAGES.consent
  const id = useId()
  return (
    <FieldRow label={words.ask} htmlFor={id}>
      {choice === 'above' && (
        <DollarBox
          aria-label={words.askAmount}
          value={amount}
          onType={(askAmount) => {
            onChange({ askAmount })
          }}
        />
      )}
      <RowSelect
        id={id}
        aria-label={words.askName}
        className="shrink-0"
        value={choice}
        onChange={(event) => {
          const ask = CHOICES.find((each) => each === event.target.value)
          if (ask) onChange({ ask })
        }}
      >
        {CHOICES.map((each) => (
          <option key={each} value={each}>
            {words.asks[each]}
          </option>
        ))}
      </RowSelect>
    </FieldRow>
  )
}
