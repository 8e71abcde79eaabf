import { useState } from 'react'
import type { OwnApp } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { linkTo } from '../hooks/use-route.ts'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { Button } from './button.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { Section } from './section.tsx'
import { ServerError } from './server-error.tsx'

/** Stopping an app somebody builds, starting it again, and deleting it. */
export function OwnAppControl({ app }: { readonly app: OwnApp }) {
  const words = DEVELOPER_WORDS
  const { clientId, isActive, name } = app
  const { busy, error, run } = useAction()
  const [asked, setAsked] = useState<'stop' | 'remove' | null>(null)
  const close = () => {
    setAsked(null)
  }
  const setActive = (active: boolean) => {
    run(async () => {
      await request('own_app.set_active', { clientId, active })
      close()
    })
  }
  return (
    <Section title={words.control}>
      <div className="flex flex-wrap gap-2">
        <Button
          disabled={busy || asked !== null}
          onClick={() => {
            if (isActive) setAsked('stop')
            else setActive(true)
          }}
        >
          {isActive ? words.stop : words.start}
        </Button>
        <Button
          disabled={busy || asked !== null}
          onClick={() => {
            setAsked('remove')
          }}
        >
          <span className="text-stop">{words.remove}</span>
        </Button>
      </div>
      {asked === 'stop' && (
        <InlineQuestion
          {...{ question: words.stopQuestion, yes: words.stopYes, no: words.stopNo, busy }}
          onYes={() => {
            setActive(false)
          }}
          onNo={close}
        />
      )}
      {asked === 'remove' && (
        <InlineQuestion
          {...{ yes: words.removeYes, no: words.removeNo, busy }}
          question={words.removeQuestion(name)}
          onYes={() => {
            run(async () => {
              await request('own_app.remove', { clientId })
              location.hash = linkTo('developer')
            })
          }}
          onNo={close}
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
