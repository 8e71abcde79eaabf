import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { linkTo } from '../hooks/use-route.ts'
import { useShowKit } from '../made-kit.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { Button } from './button.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { PassphraseQuestion } from './passphrase-question.tsx'
import { SecurityCard } from './security-card.tsx'
import { ServerError } from './server-error.tsx'
import { ServerQuestion } from './server-question.tsx'

const serverError = (error: Parameters<typeof ServerError>[0]['error']) => (
  <ServerError error={error} />
)

/** Another server, with a kit that names it. */
export function MoveServer() {
  const words = DEVICE_WORDS.more.move
  const show = useShowKit()
  return (
    <SecurityCard
      title={words.title}
      text={words.text}
      open={words.open}
      form={() => (
        <ServerQuestion
          submit={words.submit}
          busyText={words.busy}
          onAnswer={async (server, passphrase) => {
            const made = await request('sync.move', { server, passphrase })
            show({ ...made, lostPasskeys: 0, leaked: false, from: 'devices' })
          }}
        />
      )}
    />
  )
}

/** What this device has becomes what the server has. */
export function RestoreServer({ startsOpen }: { readonly startsOpen: boolean }) {
  const words = DEVICE_WORDS.more.restore
  const show = useShowKit()
  return (
    <SecurityCard
      title={words.title}
      text={words.text}
      startsOpen={startsOpen}
      open={words.open}
      form={() => (
        <>
          <p className="mt-3">{words.explain}</p>
          <PassphraseQuestion
            submit={words.submit}
            busyText={words.busy}
            notice={serverError}
            onAnswer={async (passphrase) => {
              const made = await request('sync.restore_server', { passphrase })
              show({ ...made, lostPasskeys: 0, leaked: false, from: 'devices' })
            }}
          />
        </>
      )}
    />
  )
}

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

/** Everything at the server goes. */
export function DeleteAccount() {
  const words = DEVICE_WORDS.more.remove
  return (
    <SecurityCard
      title={words.title}
      text={words.text}
      open={words.open}
      form={() => (
        <>
          <p className="mt-3">{words.explain}</p>
          <PassphraseQuestion
            look="secondary"
            submit={words.submit}
            busyText={words.busy}
            notice={serverError}
            onAnswer={async (passphrase) => {
              await request('sync.delete_account', { passphrase })
            }}
          />
        </>
      )}
    />
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
