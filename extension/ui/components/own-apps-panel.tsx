import type { OwnApp } from '@valetkey/wallet/protocol'
import { linkTo } from '../hooks/use-route.ts'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { hostOf } from '../site-address.ts'
import { NEW_APP } from './own-app-aside.tsx'
import { OwnAppPill } from './own-app-pill.tsx'
import { Tile } from './tile.tsx'

interface Props {
  readonly server: string
  readonly apps: readonly OwnApp[]
  readonly current: string
}

/** The apps a person registered, and the way to register one. */
export function OwnAppsPanel({ server, apps, current }: Props) {
  const words = DEVELOPER_WORDS
  return (
    <div className="max-w-180 overflow-hidden rounded-window bg-paper shadow-[0_0_0_1px_var(--line)]">
      {apps.length === 0 ? (
        <div className="p-4 pb-0">
          <p className="font-medium">{words.empty}</p>
          <p className="text-ink2">{words.emptyHint}</p>
        </div>
      ) : (
        <ul aria-label={words.list}>
          {apps.map((app) => (
            <Row key={app.clientId} app={app} isCurrent={app.clientId === current} />
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center justify-between gap-3 p-4">
        <a
          href={linkTo('developer', NEW_APP)}
          className="inline-flex min-h-9 items-center rounded-control bg-ink px-3.5 font-medium text-paper hover:opacity-90"
        >
          {words.register}
        </a>
        <p className="text-small text-ink2 wrap-anywhere">{words.at(hostOf(server))}</p>
      </div>
    </div>
  )
}

function Row({ app, isCurrent }: { readonly app: OwnApp; readonly isCurrent: boolean }) {
  const { clientId, name, origin, isActive } = app
  return (
    <li className={`border-b border-line ${isCurrent ? 'bg-sunken' : ''}`}>
      <a
        href={linkTo('developer', clientId)}
        aria-current={isCurrent ? 'true' : undefined}
        className="flex min-h-14 items-center gap-2.5 px-4 py-2 hover:bg-sunken"
      >
        <Tile of={name} />
        <span className="min-w-0 flex-1">
          <span className="block font-medium wrap-anywhere">{name}</span>
          <span className="block text-small text-ink2 wrap-anywhere">
            {origin === null ? DEVELOPER_WORDS.noSite : hostOf(origin)}
          </span>
        </span>
        <OwnAppPill isActive={isActive} />
      </a>
    </li>
  )
}
