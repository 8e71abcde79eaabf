import { useCallback, useState } from 'react'
import { request } from '../background-client.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { useSiteSwitch } from '../hooks/use-site-switch.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { KeptKeys } from './kept-keys.tsx'
import { Notice } from './notice.tsx'
import { Section } from './section.tsx'
import { SiteGrant } from './site-grant.tsx'
import { SiteTroubles } from './site-troubles.tsx'
import { SiteRow } from './site-row.tsx'
import { Skeleton } from './skeleton.tsx'

interface Props {
  readonly origin: string
  readonly hasKeys: boolean
}

/** One site: whether ValetKey is on for it, on which terms, what it spent, its valet keys. */
export function SitePanel({ origin, hasKeys }: Props) {
  const words = MESSAGES.site
  const site = useLoaded(useCallback(() => request('site.get', { origin }), [origin]))
  const [asksOff, setAsksOff] = useState(false)
  const { busy, error, denied, switchOn, switchOff, setPaused } = useSiteSwitch(origin)

  if (site.state !== 'ready') {
    return (
      <Section title={words.title} busy={site.state === 'loading'}>
        {site.state === 'loading' ? (
          <Skeleton rows={1} />
        ) : (
          <ErrorNotice error={site.error} retry={site.retry} />
        )}
      </Section>
    )
  }

  const { state, grant } = site.value
  const isOn = state === 'on' || state === 'paused'
  return (
    <Section title={words.title}>
      <SiteRow
        site={site.value}
        disabled={busy || (!isOn && !hasKeys)}
        onChange={(wanted) => {
          if (wanted) switchOn()
          else setAsksOff(true)
        }}
      />
      {asksOff && isOn && (
        <InlineQuestion
          question={words.confirmOff}
          yes={words.turnOff}
          no={words.keepOn}
          busy={busy}
          onYes={() => {
            setAsksOff(false)
            switchOff()
          }}
          onNo={() => {
            setAsksOff(false)
          }}
        />
      )}
      {(error ?? denied) && (
        <div className="mt-3 grid gap-2">
          {error && <ErrorNotice error={error} />}
          {denied && <Notice tone="warn" message={words.permissionDenied} />}
        </div>
      )}
      {state === 'off' && !denied && (
        <p className="mt-2 text-small text-ink2">{hasKeys ? words.offHint : words.needsKey}</p>
      )}
      {state === 'asking' && <p className="mt-2 text-small text-ink2">{words.askingHint}</p>}
      {isOn && grant && <SiteGrant origin={origin} grant={grant} paused={state === 'paused'} />}
      {isOn && <KeptKeys origin={origin} />}
      <SiteTroubles site={site.value} />
      {isOn && (
        <Button
          look="text"
          small
          className="mt-2 -ml-3"
          disabled={busy}
          onClick={() => {
            setPaused(state === 'on')
          }}
        >
          {state === 'on' ? words.pause : words.resume}
        </Button>
      )}
    </Section>
  )
}
