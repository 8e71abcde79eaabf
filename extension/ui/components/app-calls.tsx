import { useCallback } from 'react'
import type { GrantId, NamedUsageRow, UiResult, UsageCursor } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { moneyForPeople } from '../money.ts'
import { momentForPeople } from '../time-left.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Section } from './section.tsx'
import { Skeleton } from './skeleton.tsx'

interface Props {
  readonly grantId: GrantId
  readonly now: number
}

const SHOWN = 20

/** What an app did last: when, with which model, for how much. What was said is kept nowhere. */
export function AppCalls({ grantId, now }: Props) {
  const words = MESSAGES.apps
  const read = useCallback(async () => {
    const rows: NamedUsageRow[] = []
    let before: UsageCursor | null = null
    do {
      const page: UiResult<'usage.rows_list'> = await request('usage.rows_list', {
        ...{ filter: { grantIds: [grantId] }, before, limit: SHOWN },
      })
      rows.push(...page.rows)
      before = page.next
    } while (before && rows.length < SHOWN)
    return rows.slice(0, SHOWN)
  }, [grantId])
  const loaded = useLoaded(read)
  return (
    <Section title={words.did} busy={loaded.state === 'loading'}>
      {loaded.state === 'loading' && <Skeleton rows={2} />}
      {loaded.state === 'failed' && <ErrorNotice error={loaded.error} retry={loaded.retry} />}
      {loaded.state === 'ready' && loaded.value.length === 0 && <p>{words.didNothing}</p>}
      {loaded.state === 'ready' && loaded.value.length > 0 && (
        <ul className="grid gap-2 tabular-nums">
          {loaded.value.map((row) => (
            <li key={row.requestId} className="flex gap-3">
              <span className="min-w-0 flex-1">
                <span className="block font-medium wrap-anywhere">{words.call(row.model)}</span>
                <span className="block text-small text-ink2">
                  {momentForPeople(row.startedAt, now)} · {words.endings[row.ending]}
                </span>
              </span>
              <span className="shrink-0 text-right">
                {moneyForPeople(row.costNanoUsd)}
                {row.estimated && (
                  <span className="block text-small text-ink2">{words.estimated}</span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-2 text-small text-ink2">{words.neverStored}</p>
    </Section>
  )
}
