import type { OwnApp } from '@valetkey/wallet/protocol'
import { linkTo } from '../hooks/use-route.ts'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { AsideFrame } from './aside-frame.tsx'
import { OwnAppDetail } from './own-app-detail.tsx'
import { OwnAppRegister, type MadeApp } from './own-app-register.tsx'

/** What stands in the address while an app is registered. */
export const NEW_APP = 'new'

interface Props {
  /** The client ID of an app, or {@link NEW_APP}. */
  readonly item: string
  readonly apps: readonly OwnApp[]
  /** The app that was registered just now, with its secret. */
  readonly made: MadeApp | null
  readonly onMade: (made: MadeApp | null) => void
}

/** What stands beside the list: the app that is open, or the form for a new one. */
export function OwnAppAside({ item, apps, made, onMade }: Props) {
  const words = DEVELOPER_WORDS
  const frame = { section: 'developer', back: words.back }
  if (item === NEW_APP) {
    return (
      <AsideFrame {...frame} title={words.form.title}>
        <OwnAppRegister
          onMade={(next) => {
            onMade(next)
            location.hash = linkTo('developer', next.app.clientId)
          }}
        />
      </AsideFrame>
    )
  }
  const isMade = made?.app.clientId === item
  // The list hears of it a moment later.
  const app = apps.find(({ clientId }) => clientId === item) ?? (isMade ? made.app : undefined)
  if (!app) {
    return (
      <AsideFrame {...frame} title={words.gone}>
        <p className="p-4 pt-1 text-ink2">{words.goneHint}</p>
      </AsideFrame>
    )
  }
  return (
    <AsideFrame {...frame} title={app.name}>
      <OwnAppDetail
        app={app}
        made={isMade ? made : null}
        onKept={() => {
          onMade(null)
        }}
      />
    </AsideFrame>
  )
}
