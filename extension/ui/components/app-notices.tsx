import type { AppNotice } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { dollarsForPeople, moneyForPeople } from '../money.ts'
import { hostOf } from '../site-address.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

const readNotices = async () => (await request('app.notices_list', {})).notices

/** What the person should know of their apps: a limit that is near, spending that is no habit. */
export function AppNotices({ onLook }: { readonly onLook: (grantId: string) => void }) {
  const loaded = useLoaded(readNotices)
  const { busy, error, run } = useAction()
  // Where it cannot be read, what the list below says of it is enough.
  if (loaded.state !== 'ready' || loaded.value.length === 0) return null
  const answer = (work: () => Promise<unknown>, { id }: AppNotice) => {
    run(async () => {
      await work()
      await request('app.dismiss_notice', { id })
    })
  }
  return (
    <div className="mt-4 grid gap-2">
      {error && <ErrorNotice error={error} />}
      {loaded.value.map((notice) => (
        <Notice key={notice.id} tone="warn" {...wordsOf(notice)}>
          {notice.about.kind === 'unusual' ? (
            <Button
              small
              look="paper"
              disabled={busy}
              onClick={() => {
                const { origin } = notice
                answer(() => request('site.pause', { origin, paused: true }), notice)
              }}
            >
              {MESSAGES.apps.pause}
            </Button>
          ) : (
            <Button
              small
              look="paper"
              onClick={() => {
                onLook(notice.grantId)
              }}
            >
              {MESSAGES.apps.notices.look}
            </Button>
          )}
          <Button
            small
            look="text"
            disabled={busy}
            onClick={() => {
              answer(() => Promise.resolve(), notice)
            }}
          >
            {MESSAGES.apps.notices.seen}
          </Button>
        </Notice>
      ))}
    </div>
  )
}

function wordsOf({ origin, about }: AppNotice): { message: string; action: string } {
  const words = MESSAGES.apps.notices
  const host = hostOf(origin)
  if (about.kind === 'unusual') {
    const today = moneyForPeople(about.todayNanoUsd)
    const usual = moneyForPeople(about.usualNanoUsd)
    return { message: words.unusual(host), action: words.unusualAction(today, usual) }
  }
  const limit = `${dollarsForPeople(about.limitUsd)} ${MESSAGES.perWindow[about.window]}`
  return {
    message: about.percent === '100' ? words.full(host) : words.near(host),
    action: words.spent(moneyForPeople(about.usedNanoUsd), limit),
  }
}
