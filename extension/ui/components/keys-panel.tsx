import { useMemo, useState } from 'react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import type { Loaded } from '../hooks/use-loaded.ts'
import { linkTo } from '../hooks/use-route.ts'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { indexKeys } from '../search-keys.ts'
import { ChoiceBar } from './choice-bar.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { KeysList } from './keys-list.tsx'
import { SearchField } from './search-field.tsx'
import { Skeleton } from './skeleton.tsx'

interface Props {
  readonly loaded: Loaded<readonly KeySummary[]>
  readonly current: string
  readonly showsArchive: boolean
  readonly onShowArchive: (shows: boolean) => void
}

const CARD = 'overflow-hidden rounded-window bg-paper shadow-[0_0_0_1px_var(--line)]'

/** The list of keys with its search, or what stands there instead of one. */
export function KeysPanel({ loaded, ...rest }: Props) {
  switch (loaded.state) {
    case 'loading':
      return (
        <div className={`${CARD} p-4`} aria-busy="true">
          <Skeleton rows={4} />
        </div>
      )
    case 'failed':
      return <ErrorNotice error={loaded.error} retry={loaded.retry} />
    case 'ready':
      return <ReadyPanel keys={loaded.value} {...rest} />
  }
}

type ReadyProps = Omit<Props, 'loaded'> & { readonly keys: readonly KeySummary[] }

function ReadyPanel({ keys, current, showsArchive, onShowArchive }: ReadyProps) {
  const words = MESSAGES.dashboardKeys
  const now = useNow()
  const [query, setQuery] = useState('')
  const inUse = useMemo(() => keys.filter(({ archived }) => !archived), [keys])
  const archived = useMemo(() => keys.filter((key) => key.archived), [keys])
  const listed = showsArchive ? archived : inUse
  const index = useMemo(() => indexKeys(listed), [listed])
  const found = useMemo(() => index.find(query), [index, query])

  return (
    <div className={CARD}>
      {keys.length > 0 && (
        <div className="flex flex-wrap items-center gap-2 border-b border-line p-3">
          <SearchField
            label={words.search}
            clear={words.clearSearch}
            value={query}
            onChange={setQuery}
          />
          {archived.length > 0 && (
            <ChoiceBar
              label={words.show}
              value={showsArchive ? 'archived' : 'in-use'}
              choices={[
                { value: 'in-use', label: words.inUse(inUse.length) },
                { value: 'archived', label: words.archive(archived.length) },
              ]}
              onChange={(value) => {
                onShowArchive(value === 'archived')
              }}
            />
          )}
          <p role="status" className="sr-only">
            {query.trim() !== '' && words.found(found.length)}
          </p>
        </div>
      )}
      {found.length > 0 ? (
        <KeysList keys={found} current={current} canMove={found === listed} now={now} />
      ) : (
        <Nothing isSearch={query.trim() !== ''} showsArchive={showsArchive} />
      )}
    </div>
  )
}

function Nothing(props: { readonly isSearch: boolean; readonly showsArchive: boolean }) {
  const words = MESSAGES.dashboardKeys
  const [text, hint] = props.isSearch
    ? [words.nothingFound, words.nothingFoundHint]
    : props.showsArchive
      ? [words.archiveEmpty, words.archiveEmptyHint]
      : [MESSAGES.keys.empty, MESSAGES.keys.emptyHint]
  return (
    <div className="p-4">
      <p className="font-medium">{text}</p>
      <p className="text-ink2">{hint}</p>
      {text === MESSAGES.keys.empty && (
        <a href={linkTo('transfer')} className="mt-2 inline-block font-medium underline">
          {MESSAGES.transfer.bringOffer}
        </a>
      )}
    </div>
  )
}
