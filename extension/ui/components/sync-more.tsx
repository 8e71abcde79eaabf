import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { linkTo } from '../hooks/use-route.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { Button } from './button.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { SecurityCard } from './security-card.tsx'
import { ServerError } from './server-error.tsx'

/** This device goes on alone. */
export function StopSync() {
  const words = DEVICE_WORDS.more.stop
  const [asks, setAsks] = useState(false)
  const { busy, error, run } = useAction()
  return (
    <SecurityCard title={words.title} text={words.text}>
      <Button
        disabled={asks}
        onClick={() => {
          setAsks(true)
        }}
      >
        {words.open}
      </Button>
      {asks && (
        <InlineQuestion
          {...{ question: words.question, yes: words.yes, no: words.no, busy }}
          onNo={() => {
            setAsks(false)
          }}
          onYes={() => {
            run(async () => {
              await request('sync.stop', {})
            })
          }}
        />
      )}
      {error && (
        <div className="mt-3">
          <ServerError error={error} />
        </div>
      )}
    </SecurityCard>
  )
}

/** Where everything is taken out. */
export function ExportAll() {
  const words = DEVICE_WORDS.more.exportAll
  return (
    <SecurityCard title={words.title} text={words.text}>
      <div className="flex flex-wrap gap-2">
        <PlaceLink section="transfer">{words.open}</PlaceLink>
        <PlaceLink section="usage">{words.usage}</PlaceLink>
      </div>
    </SecurityCard>
  )
}

function PlaceLink({ section, children }: { readonly section: string; readonly children: string }) {
  return (
    <a
      href={linkTo(section)}
      className="flex min-h-9 items-center rounded-control bg-sunken px-3.5 py-1 font-medium hover:bg-line"
    >
      {children}
    </a>
  )
}
