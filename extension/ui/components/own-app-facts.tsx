import { useState, type ReactNode } from 'react'
import type { OwnApp } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { onEscape } from '../on-escape.ts'
import { typedOf } from '../own-app-draft.ts'
import { dateForPeople } from '../time-left.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { OwnAppForm } from './own-app-form.tsx'
import { Section } from './section.tsx'

/** What the owner said of an app, and the form that changes it. */
export function OwnAppFacts({ app }: { readonly app: OwnApp }) {
  const words = DEVELOPER_WORDS
  const [step, setStep] = useState<'shown' | 'changing' | 'saved'>('shown')
  const close = () => {
    setStep('shown')
  }
  if (step === 'changing') {
    return (
      <Section title={words.facts}>
        <div onKeyDown={onEscape(close)}>
          <OwnAppForm
            kind={app.kind}
            start={typedOf(app)}
            submit={words.form.save}
            onDraft={async (draft) => {
              await request('own_app.change', { clientId: app.clientId, draft })
              setStep('saved')
            }}
          />
          <Button look="text" className="mt-2" onClick={close}>
            {MESSAGES.cancel}
          </Button>
        </div>
      </Section>
    )
  }
  return (
    <Section title={words.facts}>
      <Facts app={app} />
      {step === 'saved' && (
        <div className="mt-3">
          <Notice tone="go" message={words.saved} />
        </div>
      )}
      <Button
        small
        className="mt-3"
        onClick={() => {
          setStep('changing')
        }}
      >
        {words.change}
      </Button>
    </Section>
  )
}

function Facts({ app }: { readonly app: OwnApp }) {
  const { factNames, kinds, none } = DEVELOPER_WORDS
  const now = useNow()
  return (
    <dl className="grid gap-1.5">
      <Fact name={factNames.kind}>{kinds[app.kind]}</Fact>
      <Fact name={factNames.site}>{app.origin ?? none}</Fact>
      <Fact name={factNames.redirects}>
        {app.redirectUris.length === 0
          ? none
          : app.redirectUris.map((uri) => (
              <span key={uri} className="block">
                {uri}
              </span>
            ))}
      </Fact>
      <Fact name={factNames.added}>{dateForPeople(app.createdAt, now)}</Fact>
    </dl>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7rem_minmax(0,1fr)] gap-3">
      <dt className="text-ink2">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  )
}
