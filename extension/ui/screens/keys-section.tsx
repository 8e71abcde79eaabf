import { useMemo, useState } from 'react'
import { Plus } from 'lucide-react'
import { request } from '../background-client.ts'
import { Card } from '../components/card.tsx'
import { DropHint } from '../components/drop-hint.tsx'
import { ErrorNotice } from '../components/error-notice.tsx'
import { ExpiryNotice } from '../components/expiry-notice.tsx'
import { ImportPanel } from '../components/import-panel.tsx'
import { KeyAside, NEW_KEY } from '../components/key-aside.tsx'
import { KeysPanel } from '../components/keys-panel.tsx'
import { UndoNotice } from '../components/undo-notice.tsx'
import { useBrought } from '../hooks/use-brought.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { useRemoval } from '../hooks/use-removal.ts'
import { linkTo } from '../hooks/use-route.ts'
import { MESSAGES } from '../messages.ts'

const readKeys = async () => (await request('key.list', {})).keys

const goTo = (item: string) => {
  location.hash = linkTo('keys', item)
}

/** The provider keys of the vault: the list, and beside it the key that is open. */
export function KeysSection({ item }: { readonly item: string }) {
  const loaded = useLoaded(readKeys)
  const removal = useRemoval()
  const { brought, isOver, forget } = useBrought()
  const [showsArchive, setShowsArchive] = useState(false)
  const keys = useMemo(() => (loaded.state === 'ready' ? loaded.value : []), [loaded])

  return (
    <>
      {isOver && <DropHint />}
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="flex-1 text-question font-bold tracking-tight">
          {MESSAGES.dashboard.sections.keys}
        </h1>
        <a
          href={linkTo('keys', NEW_KEY)}
          className="flex min-h-9 items-center gap-2 rounded-control bg-ink px-3.5 py-1 font-medium text-paper hover:opacity-90"
        >
          <Plus size={17} aria-hidden="true" />
          {MESSAGES.keys.add}
        </a>
      </div>
      {brought && (
        <Card>
          <ImportPanel brought={brought} onLeave={forget} />
        </Card>
      )}
      <div className="mt-4 grid gap-2 empty:hidden">
        {removal.removed && <UndoNotice removed={removal.removed} onUndo={removal.undo} />}
        {removal.error && <ErrorNotice error={removal.error} />}
        <ExpiryNotice
          // The key that is open says so itself.
          keys={keys.filter(({ id }) => id !== item)}
          onOpen={(keyId) => {
            goTo(keyId ?? '')
          }}
        />
      </div>
      <div
        className={item === '' ? 'mt-4' : 'mt-4 gap-4 xl:grid xl:grid-cols-[minmax(0,1fr)_26rem]'}
      >
        <div className={item === '' ? '' : 'max-xl:hidden'}>
          <KeysPanel
            loaded={loaded}
            current={item}
            showsArchive={showsArchive}
            onShowArchive={setShowsArchive}
          />
        </div>
        {item !== '' && loaded.state === 'ready' && (
          <KeyAside
            key={item}
            item={item}
            keys={keys}
            onRemove={(summary) => {
              removal.remove(summary)
              goTo('')
            }}
          />
        )}
      </div>
    </>
  )
}
