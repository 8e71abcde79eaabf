import { useMemo, useState } from 'react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import type { Loaded } from '../hooks/use-loaded.ts'
import { useRemoval } from '../hooks/use-removal.ts'
import { MESSAGES } from '../messages.ts'
import { openDashboard } from '../open-dashboard.ts'
import { indexKeys } from '../search-keys.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { KeyRow } from './key-row.tsx'
import { SearchField } from './search-field.tsx'
import { Section } from './section.tsx'
import { Skeleton } from './skeleton.tsx'
import { UndoNotice } from './undo-notice.tsx'

/** At a glance is no more than this; from there on it is searched. */
const GLANCE = 6

/** The keys of the vault at a glance. */
export function KeyList({ keys }: { readonly keys: Loaded<readonly KeySummary[]> }) {
  const words = MESSAGES.keys
  const removal = useRemoval()
  return (
    <Section title={words.title} busy={keys.state === 'loading'}>
      {removal.removed && <UndoNotice removed={removal.removed} onUndo={removal.undo} />}
      {removal.error && <ErrorNotice error={removal.error} />}
      {keys.state === 'loading' && <Skeleton rows={2} />}
      {keys.state === 'failed' && <ErrorNotice error={keys.error} retry={keys.retry} />}
      {keys.state === 'ready' && keys.value.length === 0 && (
        <>
          <p className="font-medium">{words.empty}</p>
          <p className="text-ink2">{words.emptyHint}</p>
        </>
      )}
      {keys.state === 'ready' && keys.value.length > 0 && (
        <Glance keys={keys.value} onRemove={removal.remove} />
      )}
    </Section>
  )
}

interface GlanceProps {
  readonly keys: readonly KeySummary[]
  readonly onRemove: (summary: KeySummary) => void
}

function Glance({ keys, onRemove }: GlanceProps) {
  const words = MESSAGES.dashboardKeys
  const [query, setQuery] = useState('')
  const index = useMemo(() => indexKeys(keys), [keys])
  const found = useMemo(() => index.find(query), [index, query])
  const more = found.length - GLANCE
  return (
    <>
      {keys.length > GLANCE && (
        <div className="mb-1 flex">
          <SearchField
            label={words.search}
            clear={words.clearSearch}
            value={query}
            onChange={setQuery}
          />
        </div>
      )}
      <ul>
        {found.slice(0, GLANCE).map((key) => (
          <KeyRow key={key.id} summary={key} onRemove={onRemove} />
        ))}
      </ul>
      {found.length === 0 && <p className="py-2 text-ink2">{words.nothingFound}</p>}
      {more > 0 && (
        <Button
          look="text"
          small
          className="w-full"
          onClick={() => {
            void openDashboard('keys')
          }}
        >
          {words.more(more)}
        </Button>
      )}
    </>
  )
}
