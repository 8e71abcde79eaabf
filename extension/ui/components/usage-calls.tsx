import { useMemo, useState } from 'react'
import type { UsageFilter, UsageSummary } from '@valetkey/wallet/protocol'
import { useUsageRows } from '../hooks/use-usage-rows.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Section } from './section.tsx'
import { Skeleton } from './skeleton.tsx'
import { UsageExport } from './usage-export.tsx'
import { UsageFilters } from './usage-filters.tsx'
import { UsageTable } from './usage-table.tsx'
import { WideCard } from './wide-card.tsx'

interface Props {
  readonly choices: UsageSummary['choices']
  /** The time that is looked at, Unix ms; the end not in it. */
  readonly from: number
  readonly to: number
}

/** Every call of the time that is looked at, the newest first, and the way to narrow them. */
export function UsageCalls({ choices, from, to }: Props) {
  const words = MESSAGES.usage.table
  const [chosen, setChosen] = useState<UsageFilter>({})
  const filter = useMemo(() => ({ ...chosen, from, to }), [chosen, from, to])
  const { loaded, action, loadMore } = useUsageRows(filter)
  return (
    <WideCard>
      <Section title={words.title} busy={loaded.state === 'loading'}>
        <UsageFilters choices={choices} filter={chosen} onChange={setChosen} />
        {loaded.state === 'loading' && <Skeleton rows={5} />}
        {loaded.state === 'failed' && <ErrorNotice error={loaded.error} retry={loaded.retry} />}
        {loaded.state === 'ready' && (
          <>
            {loaded.value.rows.length === 0 ? (
              <p className="py-8 text-center text-ink2">{words.none}</p>
            ) : (
              <UsageTable rows={loaded.value.rows} />
            )}
            <div className="mt-3 flex flex-wrap items-center gap-3">
              {loaded.value.next !== null && (
                <Button disabled={action.busy} onClick={loadMore}>
                  {action.busy ? words.loading : words.more}
                </Button>
              )}
              <p role="status" className="text-small text-ink2">
                {words.count(loaded.value.rows.length)}
              </p>
            </div>
            {action.error && <ErrorNotice error={action.error} retry={loadMore} />}
          </>
        )}
      </Section>
      <UsageExport filter={filter} />
    </WideCard>
  )
}
