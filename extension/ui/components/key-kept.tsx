import { useState } from 'react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { dateForPeople } from '../time-left.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly summary: KeySummary
  readonly now: number
}

/** Keys that another device saved in the place of this one at the same time: taken, or forgotten. */
export function KeyKept({ summary, now }: Props) {
  const words = MESSAGES.dashboardKeys.kept
  const { id: keyId, provider, kept } = summary
  const { busy, error, run } = useAction()
  const [refused, setRefused] = useState<string | null>(null)
  if (kept.length === 0) return null

  const take = (id: string) => {
    setRefused(null)
    run(async () => {
      const { replaced } = await request('key.use_kept', { keyId, id })
      if (!replaced) setRefused(id)
    })
  }
  const forget = (id: string) => {
    run(async () => {
      await request('key.forget_kept', { keyId, id })
    })
  }
  return (
    <div className="grid gap-2 px-4 pt-3">
      {kept.map(({ id, savedAt, until }) => (
        <Notice
          key={id}
          tone="warn"
          message={words.message}
          action={
            refused === id
              ? words.refused(providerName(provider))
              : words.until(dateForPeople(savedAt, now), dateForPeople(until, now))
          }
        >
          <Button
            small
            disabled={busy}
            onClick={() => {
              take(id)
            }}
          >
            {busy ? words.busy : words.use}
          </Button>
          <Button
            small
            look="paper"
            disabled={busy}
            onClick={() => {
              forget(id)
            }}
          >
            {words.forget}
          </Button>
        </Notice>
      ))}
      {error && <ErrorNotice error={error} />}
    </div>
  )
}
