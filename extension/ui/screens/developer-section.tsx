import { useState } from 'react'
import type { OwnApp } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { Card } from '../components/card.tsx'
import { OwnAppAside } from '../components/own-app-aside.tsx'
import { OwnAppsPanel } from '../components/own-apps-panel.tsx'
import { ServerError } from '../components/server-error.tsx'
import { Skeleton } from '../components/skeleton.tsx'
import { useLoaded } from '../hooks/use-loaded.ts'
import { linkTo } from '../hooks/use-route.ts'
import { MESSAGES } from '../messages.ts'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import type { MadeApp } from '../components/own-app-register.tsx'

const readApps = () => request('own_app.list', {})

/** For people who build apps: those they registered at their server, and beside the list the one that is open. */
export function DeveloperSection({ item }: { readonly item: string }) {
  const loaded = useLoaded(readApps)
  // Its secret is in this window's memory alone, until the person says that it is kept.
  const [made, setMade] = useState<MadeApp | null>(null)
  return (
    <>
      <h1 className="text-question font-bold tracking-tight">
        {MESSAGES.dashboard.sections.developer}
      </h1>
      <p className="mt-1 max-w-180 text-ink2">{DEVELOPER_WORDS.about}</p>
      {loaded.state === 'loading' && (
        <Card>
          <div className="p-4" aria-busy="true">
            <Skeleton rows={3} />
          </div>
        </Card>
      )}
      {loaded.state === 'failed' && (
        <div className="mt-4 max-w-180">
          <ServerError error={loaded.error} retry={loaded.retry} />
        </div>
      )}
      {loaded.state === 'ready' && loaded.value.server === null && <NoServer />}
      {loaded.state === 'ready' && loaded.value.server !== null && (
        <Apps
          {...{ item, made }}
          server={loaded.value.server}
          apps={loaded.value.apps}
          onMade={setMade}
        />
      )}
    </>
  )
}

function NoServer() {
  const words = DEVELOPER_WORDS
  return (
    <Card>
      <div className="p-4">
        <p className="font-medium">{words.noServer}</p>
        <p className="text-ink2">{words.noServerHint}</p>
        <a
          href={linkTo('devices')}
          className="mt-3 inline-flex min-h-9 items-center rounded-control bg-sunken px-3.5 font-medium hover:bg-line"
        >
          {words.toDevices}
        </a>
      </div>
    </Card>
  )
}

interface AppsProps {
  readonly server: string
  readonly apps: readonly OwnApp[]
  readonly item: string
  readonly made: MadeApp | null
  readonly onMade: (made: MadeApp | null) => void
}

function Apps({ server, apps, item, made, onMade }: AppsProps) {
  const isOpen = item !== ''
  return (
    <div className={isOpen ? 'mt-4 gap-4 xl:grid xl:grid-cols-[minmax(0,1fr)_28rem]' : 'mt-4'}>
      <div className={isOpen ? 'max-xl:hidden' : ''}>
        <OwnAppsPanel {...{ server, apps }} current={item} />
      </div>
      {isOpen && <OwnAppAside key={item} {...{ item, apps, made, onMade }} />}
    </div>
  )
}
