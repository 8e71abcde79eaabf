import { useCallback } from 'react'
import type { AppSummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { hostOf } from '../site-address.ts'
import { AppDetailPanel } from './app-detail.tsx'
import { AsideFrame } from './aside-frame.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Skeleton } from './skeleton.tsx'

/** What stands beside the list: all about one app. Null: it is not there (any more). */
export function AppAside({ app }: { readonly app: AppSummary | null }) {
  const words = MESSAGES.apps
  if (!app) {
    return (
      <AsideFrame section="apps" back={words.back} title={words.gone}>
        <p className="p-4 pt-1 text-ink2">{words.goneHint}</p>
      </AsideFrame>
    )
  }
  return (
    <AsideFrame section="apps" back={words.back} title={hostOf(app.origin)}>
      <LoadedApp grantId={app.grantId} />
    </AsideFrame>
  )
}

function LoadedApp({ grantId }: Pick<AppSummary, 'grantId'>) {
  const loaded = useLoaded(useCallback(() => request('app.get', { grantId }), [grantId]))
  switch (loaded.state) {
    case 'loading':
      return (
        <div className="p-4" aria-busy="true">
          <Skeleton rows={4} />
        </div>
      )
    case 'failed':
      return (
        <div className="p-4">
          <ErrorNotice error={loaded.error} retry={loaded.retry} />
        </div>
      )
    case 'ready':
      return <AppDetailPanel app={loaded.value} />
  }
}
