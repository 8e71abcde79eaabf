import type { UsageGrouping, UsageRange, UsageSeries } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { preciseMoney } from '../money.ts'
import { dayForPeople, groupName, monthForPeople } from '../usage-sentences.ts'

interface Props {
  readonly range: UsageRange
  readonly by: UsageGrouping
  readonly series: UsageSeries
}

/** The chart as a table, for those who hear the screen. */
export function UsageTwin({ range, by, series: { groups, buckets } }: Props) {
  const words = MESSAGES.usage
  return (
    // A table alone is as wide as its words, however it is hidden.
    <div className="sr-only">
      <table>
        <caption>{words.chart.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.chart.time}</th>
            {groups.map((group) => (
              <th key={`${group.kind} ${group.name ?? ''}`} scope="col">
                {groupName(group, by)}
              </th>
            ))}
            <th scope="col">{words.chart.total}</th>
            <th scope="col">{words.figures.calls}</th>
          </tr>
        </thead>
        <tbody>
          {buckets.map(({ start, calls, nanoUsd }) => (
            <tr key={start}>
              <th scope="row">{range === 'year' ? monthForPeople(start) : dayForPeople(start)}</th>
              {groups.map((group, index) => (
                <td key={`${group.kind} ${group.name ?? ''}`}>
                  {preciseMoney(nanoUsd[index] ?? 0)}
                </td>
              ))}
              <td>{preciseMoney(nanoUsd.reduce((sum, part) => sum + part, 0))}</td>
              <td>{calls}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
