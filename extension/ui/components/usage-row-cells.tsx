import type { NamedUsageRow } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { preciseMoney } from '../money.ts'
import { keyName } from '../provider-facts.ts'
import { momentForPeople } from '../time-left.ts'

const SMALL = 'block text-small text-ink2'
const NUMBER = 'py-2 text-right whitespace-nowrap tabular-nums'

/** One call: when, who with which key, which model and how it ended, tokens, and what it cost by which rule. */
export function UsageRowCells({ row, now }: { readonly row: NamedUsageRow; readonly now: number }) {
  const words = MESSAGES.usage
  const { provider, keyLabel, tokens, ending, lane, costNanoUsd, costSource } = row
  const key = keyLabel === null ? words.unknownKey : keyName({ provider, label: keyLabel })
  const tokensIn = tokens && tokens.input + tokens.cachedInput + tokens.cacheWriteInput
  // What was not counted may have cost something.
  const isCounted = lane !== 'inject' || costNanoUsd > 0
  const about = (
    <>
      {row.model ?? words.unknownModel}
      {ending !== 'done' && <span className={SMALL}>{words.endings[ending]}</span>}
      {lane === 'inject' && <span className={SMALL}>{words.table.compatible}</span>}
    </>
  )
  return (
    <>
      <td className="py-2 pr-3 tabular-nums max-md:text-small">
        {momentForPeople(row.startedAt, now)}
      </td>
      <td className="py-2 pr-3">
        {row.app ?? words.unknownApp}
        <span className={SMALL}>{key}</span>
        {/* Where there is no room for a column of its own. */}
        <span className="block text-small md:hidden">{about}</span>
      </td>
      <td className="py-2 pr-3 max-md:hidden">{about}</td>
      <td className={`${NUMBER} pr-3 max-md:hidden`}>{tokensIn?.toLocaleString('en-US') ?? '–'}</td>
      <td className={`${NUMBER} pr-3 max-md:hidden`}>
        {tokens?.output.toLocaleString('en-US') ?? '–'}
      </td>
      <td className={NUMBER}>
        {isCounted ? preciseMoney(costNanoUsd) : words.table.notCounted}
        {row.estimated && (
          <span className={`${SMALL} ml-auto max-w-40 whitespace-normal`}>
            {words.estimatedBy(costSource)}
          </span>
        )}
      </td>
    </>
  )
}
