import type { BudgetWindow } from '@valetkey/wallet/protocol'
import type { ConsentDraft } from '../consent-draft.ts'
import type { LimitsDraft } from '../limits-draft.ts'
import { MESSAGES } from '../messages.ts'
import { CheckRow } from './check-row.tsx'
import { CountRow } from './count-row.tsx'
import { FoldRow } from './fold-row.tsx'
import { LimitTable } from './limit-table.tsx'

interface Props {
  readonly limits: LimitsDraft
  /** The period of the budget that stands above. */
  readonly window: BudgetWindow
  readonly endpoints: readonly string[] | null
  /** The endpoints that were proposed: none is added to them here. */
  readonly offered: readonly string[] | undefined
  readonly onChange: (change: Partial<ConsentDraft>) => void
}

const COUNTS = ['perMinute', 'parallel', 'maxOutputTokens'] as const

/** The limits most people leave as they are. */
export function ConsentMore({ limits, window, endpoints, offered, onChange }: Props) {
  const words = MESSAGES.consent
  const change = (part: Partial<LimitsDraft>) => {
    onChange({ limits: { ...limits, ...part } })
  }
  return (
    <FoldRow label={words.more} value={words.moreOf(limits.perMinute, limits.parallel)}>
      <LimitTable limits={limits} mainWindow={window} onChange={change} />
      {COUNTS.map((name) => (
        <CountRow
          key={name}
          label={words[name]}
          value={limits[name]}
          onType={(text) => {
            change({ [name]: text })
          }}
        />
      ))}
      {offered && (
        <fieldset className="border-t border-line pt-2">
          <legend className="float-left w-full text-group font-bold text-ink2">
            {words.endpoints}
          </legend>
          {offered.map((endpoint) => (
            <CheckRow
              key={endpoint}
              label={endpoint}
              checked={endpoints?.includes(endpoint) ?? false}
              onChange={(ticked) => {
                const others = offered.filter(
                  (each) => each !== endpoint && endpoints?.includes(each) === true,
                )
                onChange({ endpoints: ticked ? [...others, endpoint] : others })
              }}
            />
          ))}
        </fieldset>
      )}
    </FoldRow>
  )
}
