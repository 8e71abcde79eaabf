import { useState } from 'react'
import type { AppSummary } from '@valetkey/wallet/protocol'
import type { Loaded } from '../hooks/use-loaded.ts'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { hostOf } from '../site-address.ts'
import { AppsRow } from './apps-row.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { SearchField } from './search-field.tsx'
import { Skeleton } from './skeleton.tsx'

interface Props {
  readonly loaded: Loaded<readonly AppSummary[]>
  readonly current: string
}

const CARD = 'overflow-hidden rounded-window bg-paper shadow-[0_0_0_1px_var(--line)]'
/** A list this long is searched, not read. */
const SEARCHED_FROM = 8

/** The list of apps, or what stands there instead of one. */
export function AppsPanel({ loaded, current }: Props) {
  switch (loaded.state) {
    case 'loading':
      return (
        <div className={`${CARD} p-4`} aria-busy="true">
          <Skeleton rows={3} />
        </div>
      )
    case 'failed':
      return <ErrorNotice error={loaded.error} retry={loaded.retry} />
    case 'ready':
      return <ReadyPanel apps={loaded.value} current={current} />
  }
}

function ReadyPanel({ apps, current }: Pick<Props, 'current'> & { apps: readonly AppSummary[] }) {
  const words = MESSAGES.apps
  const now = useNow()
  const [query, setQuery] = useState('')
  const wanted = query.trim().toLowerCase()
  const found = apps.filter(({ origin }) => hostOf(origin).includes(wanted))
  const [nothing, hint] =
    apps.length === 0
      ? [words.empty, words.emptyHint]
      : [words.nothingFound, words.nothingFoundHint]
  return (
    <div className={CARD}>
      {apps.length >= SEARCHED_FROM && (
        <div className="flex border-b border-line p-3">
          <SearchField
            label={words.search}
            clear={words.clearSearch}
            value={query}
            onChange={setQuery}
          />
          <p role="status" className="sr-only">
            {wanted !== '' && words.found(found.length)}
          </p>
        </div>
      )}
      {found.length > 0 ? (
        <ul aria-label={words.list}>
          {found.map((app) => (
            <AppsRow
              key={app.grantId}
              app={app}
              isCurrent={(app.grantId as string) === current}
              now={now}
            />
          ))}
        </ul>
      ) : (
        <div className="p-4">
          <p className="font-medium">{nothing}</p>
          <p className="text-ink2">{hint}</p>
        </div>
      )}
    </div>
  )
}
