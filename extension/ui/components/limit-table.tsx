import { useId } from 'react'
import { BUDGET_WINDOWS, type BudgetWindow } from '@valetkey/wallet/protocol'
import type { LimitsDraft } from '../limits-draft.ts'
import { MESSAGES } from '../messages.ts'

interface Props {
  readonly limits: LimitsDraft
  /** The period whose dollars stand above the fold. */
  readonly mainWindow: BudgetWindow
  readonly onChange: (change: Partial<LimitsDraft>) => void
}

const COLUMNS = ['budgets', 'requests', 'tokens'] as const

/** Dollars, calls and text for each period; an empty box is no limit. */
export function LimitTable({ limits, mainWindow, onChange }: Props) {
  const words = MESSAGES.consent
  const hintId = useId()
  return (
    <>
      <table aria-label={words.table} aria-describedby={hintId} className="w-full table-fixed">
        <thead>
          <tr className="text-small text-ink2">
            <td className="w-18" />
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className="py-1 pl-2 text-right font-medium">
                {words.columns[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {BUDGET_WINDOWS.map((window) => (
            <tr key={window}>
              <th scope="row" className="text-left font-normal text-ink2">
                {words.periods[window]}
              </th>
              {COLUMNS.map((column) => (
                <td key={column} className="py-0.5 pl-2">
                  {column === 'budgets' && window === mainWindow ? (
                    <span className="block px-1.5 text-right text-small text-ink2">
                      {words.spendAbove}
                    </span>
                  ) : (
                    <input
                      aria-label={words.cell(words.columns[column], window)}
                      inputMode={column === 'budgets' ? 'decimal' : 'numeric'}
                      autoComplete="off"
                      maxLength={17}
                      value={limits[column][window]}
                      onChange={(event) => {
                        onChange({ [column]: { ...limits[column], [window]: event.target.value } })
                      }}
                      className="min-h-8 w-full rounded-chip border border-ink3 bg-paper px-1.5 text-right tabular-nums"
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p id={hintId} className="pt-1 pb-2 text-small text-ink2">
        {words.tableHint}
      </p>
    </>
  )
}
