import { useState } from 'react'
import type { OwnApp } from '@valetkey/wallet/protocol'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { Notice } from './notice.tsx'
import { OwnAppControl } from './own-app-control.tsx'
import { OwnAppFacts } from './own-app-facts.tsx'
import { OwnAppIds } from './own-app-ids.tsx'
import { OwnAppKeys } from './own-app-keys.tsx'
import type { MadeApp } from './own-app-register.tsx'
import { OwnAppUsagePanel } from './own-app-usage.tsx'
import { ShownSecret } from './shown-secret.tsx'

interface Props {
  readonly app: OwnApp
  readonly made: MadeApp | null
  readonly onKept: () => void
}

/** All about one app somebody builds. */
export function OwnAppDetail({ app, made, onKept }: Props) {
  const words = DEVELOPER_WORDS
  const [renewed, setRenewed] = useState<string | null>(null)
  const shown = renewed ?? made?.secret ?? null
  return (
    <>
      {(made !== null || renewed !== null) && (
        <div className="px-4 pt-3 pb-4">
          {shown === null ? (
            <Notice tone="go" message={words.registered} action={words.noSecret} />
          ) : (
            <ShownSecret
              secret={shown}
              message={renewed === null ? words.registered : words.renewed}
              {...(renewed === null && { action: words.secretOnce })}
              onKept={() => {
                setRenewed(null)
                onKept()
              }}
            />
          )}
        </div>
      )}
      {!app.isActive && (
        <div className="px-4 pt-3 pb-4">
          <Notice tone="warn" message={words.stopped} />
        </div>
      )}
      <OwnAppIds app={app} onRenewed={setRenewed} />
      <OwnAppFacts app={app} />
      {app.origin !== null && <OwnAppKeys origin={app.origin} />}
      <OwnAppUsagePanel clientId={app.clientId} />
      <OwnAppControl app={app} />
    </>
  )
}
