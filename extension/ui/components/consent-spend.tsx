import { useId } from 'react'
import { BUDGET_WINDOWS, budgetWindowSchema, type BudgetWindow } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
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
      <span className="flex items-center font-medium tabular-nums">
        <span aria-hidden="true" className="pr-1">
          $
        </span>
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          maxLength={9}
          value={amount}
          onChange={(event) => {
            onChange({ amount: event.target.value })
          }}
          className="min-h-8 field-sizing-content min-w-10 max-w-24 rounded-chip border border-ink3 bg-paper px-1.5 text-right"
        />
      </span>
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
