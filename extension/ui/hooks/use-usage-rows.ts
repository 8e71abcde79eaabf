import { useCallback, useState } from 'react'
import type { NamedUsageRow, UsageCursor, UsageFilter } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction, type Action } from './use-action.ts'
import { useLoaded, type Loaded } from './use-loaded.ts'

const PAGE = 50

interface Page {
  readonly rows: readonly NamedUsageRow[]
  readonly next: UsageCursor | null
}

interface UsageRows {
  readonly loaded: Loaded<Page>
  /** Loading what comes after the rows that are there. */
  readonly action: Action
  readonly loadMore: () => void
}

/**
 * The newest rows that fit, and more of them as they are asked for.
 * @param filter must keep its identity between renders
 */
export function useUsageRows(filter: UsageFilter): UsageRows {
  const read = useCallback(() => readPage(filter, null), [filter])
  const first = useLoaded(read)
  const [added, setAdded] = useState<{ readonly to: Page; readonly page: Page } | null>(null)
  const action = useAction()
  if (first.state !== 'ready') return { loaded: first, action, loadMore: nothingMore }
  const start = first.value
  // What was added to rows that are no longer shown goes with them.
  const shown = added?.to === start ? added.page : start
  const loadMore = () => {
    action.run(async () => {
      const page = await readPage(filter, shown.next)
      setAdded({ to: start, page: { rows: [...shown.rows, ...page.rows], next: page.next } })
    })
  }
  return { loaded: { state: 'ready', value: shown }, action, loadMore }
}

/** The background looks at so many rows at a time and no more: it is asked until there is a page. */
async function readPage(filter: UsageFilter, from: UsageCursor | null): Promise<Page> {
  const rows: NamedUsageRow[] = []
  let before = from
  do {
    const limit = PAGE - rows.length
    const page = await request('usage.rows_list', { filter, before, limit })
    rows.push(...page.rows)
    before = page.next
  } while (before !== null && rows.length < PAGE)
  return { rows, next: before }
}

function nothingMore(): void {
  // There are no rows yet that more could follow.
}
