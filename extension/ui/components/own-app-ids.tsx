import { useState } from 'react'
import type { OwnApp } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { Section } from './section.tsx'
import { ServerError } from './server-error.tsx'

interface Props {
  readonly app: OwnApp
  readonly onRenewed: (secret: string) => void
}

/** What an app is known by: its client ID, and a secret that can only be made anew. */
export function OwnAppIds({ app, onRenewed }: Props) {
  const words = DEVELOPER_WORDS
  const [asks, setAsks] = useState(false)
  const { busy, error, run } = useAction()
  const { clientId, kind } = app
  return (
    <Section title={words.ids}>
      <p className="text-ink2">{words.clientId}</p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 font-mono text-small break-all">{clientId}</code>
        <CopyButton text={clientId} />
      </div>
      {kind === 'server' && (
        <div className="mt-3 flex flex-wrap items-center justify-between gap-2">
          <div>
            <p className="text-ink2">{words.secret}</p>
            <p>{words.secretKept}</p>
          </div>
          <Button
            small
            disabled={busy || asks}
            onClick={() => {
              setAsks(true)
            }}
          >
            {words.renew}
          </Button>
        </div>
      )}
      {asks && (
        <InlineQuestion
          {...{ question: words.renewQuestion, yes: words.renewYes, no: words.renewNo, busy }}
          onNo={() => {
            setAsks(false)
          }}
          onYes={() => {
            run(async () => {
              onRenewed((await request('own_app.renew_secret', { clientId })).secret)
              setAsks(false)
            })
          }}
        />
      )}
      {error && (
        <div className="mt-2">
          <ServerError error={error} />
        </div>
      )}
    </Section>
  )
}
