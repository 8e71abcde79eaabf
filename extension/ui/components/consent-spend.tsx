import { useId } from 'react'
import { BUDGET_WINDOWS, budgetWindowSchema, type BudgetWindow } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { DollarBox } from './dollar-box.tsx'
import { FieldRow } from './field-row.tsx'
import { RowSelect } from './row-select.tsx'

interface Props {
  readonly amount: string
  readonly window: BudgetWindow
  readonly onChange: (change: { amount: string } | { window: BudgetWindow }) => void
}

/** How much the site may spend, in which period. */
export function ConsentSpend({ amount, window, onChange }: Props) {
  const words = MESSAGES.consent
  const id = useId()
  return (
    <FieldRow label={words.spend} htmlFor={id}>
      <DollarBox
        id={id}
        value={amount}
        onType={(text) => {
          onChange({ amount: text })
        }}
      />
      <RowSelect
        aria-label={words.window}
        className="shrink-0"
        value={window}
        onChange={(event) => {
          onChange({ window: budgetWindowSchema.parse(event.target.value) })
        }}
      >
        {BUDGET_WINDOWS.map((choice) => (
          <option key={choice} value={choice}>
            {MESSAGES.perWindow[choice]}
          </option>
        ))}
      </RowSelect>
    </FieldRow>
  )
}
