import { Lock } from 'lucide-react'
import { request } from '../background-client.ts'
import { DASHBOARD_SECTIONS } from '../dashboard-sections.ts'
import { useAction } from '../hooks/use-action.ts'
import { linkTo } from '../hooks/use-route.ts'
import { MESSAGES } from '../messages.ts'
import { Mark } from './mark.tsx'

const ROW = 'flex min-h-9 items-center gap-2.5 rounded-control px-3 py-1 whitespace-nowrap'

/** The side of the dashboard: its places, and the lock. On a narrow window it stands on top. */
export function DashboardNav({ current }: { readonly current: string }) {
  const words = MESSAGES.dashboard
  const { busy, run } = useAction()
  const lock = () => {
    run(async () => {
      await request('vault.lock', {})
    })
  }
  return (
    <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 p-4 md:sticky md:top-0 md:h-dvh md:w-56 md:flex-col md:flex-nowrap md:items-stretch md:overflow-y-auto md:border-r md:border-line">
      <p className="flex items-center gap-2.5 px-3 py-1 font-bold tracking-tight">
        <Mark />
        {MESSAGES.product}
      </p>
      <nav aria-label={words.nav} className="order-last min-w-0 basis-full md:order-none md:flex-1">
        <ul className="flex gap-1 overflow-x-auto md:flex-col">
          {DASHBOARD_SECTIONS.map(({ id, title, icon: Icon }) => (
            <li key={id}>
              <a
                href={linkTo(id)}
                aria-current={id === current ? 'page' : undefined}
                className={`${ROW} ${id === current ? 'bg-sunken font-bold text-ink' : 'text-ink2 hover:bg-sunken hover:text-ink'}`}
              >
                <Icon size={17} aria-hidden="true" className="shrink-0" />
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <button
        type="button"
        disabled={busy}
        onClick={lock}
        className={`${ROW} text-ink2 hover:bg-sunken hover:text-ink`}
      >
        <Lock size={17} aria-hidden="true" className="shrink-0" />
        {words.lock}
      </button>
    </header>
  )
}
