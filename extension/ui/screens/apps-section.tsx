import { useMemo } from 'react'
import { request } from '../background-client.ts'
import { AppAside } from '../components/app-aside.tsx'
import { AppNotices } from '../components/app-notices.tsx'
import { AppsPanel } from '../components/apps-panel.tsx'
import { EnterCode } from '../components/enter-code.tsx'
import { LinkedApps } from '../components/linked-apps.tsx'
import { NotifySwitch } from '../components/notify-switch.tsx'
import { useLoaded } from '../hooks/use-loaded.ts'
import { linkTo } from '../hooks/use-route.ts'
import { MESSAGES } from '../messages.ts'

const openApp = (grantId: string) => {
  location.hash = linkTo('apps', grantId)
}

const readApps = async () => (await request('app.list', {})).apps

/** Every app that holds a grant, or held one: the list, and beside it the one that is open. */
export function AppsSection({ item }: { readonly item: string }) {
  const loaded = useLoaded(readApps)
  const apps = useMemo(() => (loaded.state === 'ready' ? loaded.value : []), [loaded])
  const isOpen = item !== ''
  return (
    <>
      <h1 className="text-question font-bold tracking-tight">{MESSAGES.dashboard.sections.apps}</h1>
      <AppNotices onLook={openApp} />
      <div className={isOpen ? 'mt-4 gap-4 xl:grid xl:grid-cols-[minmax(0,1fr)_28rem]' : 'mt-4'}>
        <div className={isOpen ? 'max-xl:hidden' : ''}>
          <AppsPanel loaded={loaded} current={item} />
          <LinkedApps />
          <EnterCode />
          <NotifySwitch />
        </div>
        {isOpen && loaded.state === 'ready' && (
          <AppAside key={item} app={apps.find(({ grantId }) => grantId === item) ?? null} />
        )}
      </div>
    </>
  )
}
