import type { UsageGroup, UsageGrouping } from '@valetkey/wallet/protocol'
import { moneyForPeople } from '../money.ts'
import { groupName } from '../usage-sentences.ts'

const COLOURS = 6

/** The colour of a part; all the rest has always the same. */
export function chartColour(group: UsageGroup | undefined, index: number): string {
  return `var(--chart-${group?.kind === 'other' ? COLOURS : (index % COLOURS) + 1})`
}

interface Props {
  readonly groups: readonly UsageGroup[]
  readonly by: UsageGrouping
}

/** What the colours stand for, and what each part comes to. */
export function UsageLegend({ groups, by }: Props) {
  return (
    <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-small">
      {groups.map((group, index) => (
        <li key={`${group.kind} ${group.name ?? ''}`} className="flex items-center gap-1.5">
          <span
            aria-hidden="true"
            className="size-2.5 shrink-0 rounded-chip"
            style={{ background: chartColour(group, index) }}
          />
          <span>
            {groupName(group, by)}{' '}
            <span className="text-ink2 tabular-nums">{moneyForPeople(group.nanoUsd)}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
