import { dashboardOf } from '@valetkey/wallet/capture'
import { useId, useState } from 'react'
import { useAction } from '../hooks/use-action.ts'
import { usePickUp } from '../hooks/use-pick-up.ts'
import { MESSAGES } from '../messages.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'
import { Section } from './section.tsx'
import { Switch } from './switch.tsx'

/** On a provider's key page: whether ValetKey offers to keep what it shows. Nothing anywhere else. */
export function PickUp({ origin }: { readonly origin: string }) {
  return dashboardOf(origin) === null ? null : <PickUpSwitch origin={origin} />
}

function PickUpSwitch({ origin }: { readonly origin: string }) {
  const words = MESSAGES.pickUp
  const { state, allow, giveBack } = usePickUp(origin)
  const { busy, error, run } = useAction()
  const [denied, setDenied] = useState(false)
  const hint = useId()
  if (state === 'loading') return null
  if (state === 'always') {
    return (
      <Section title={words.title}>
        <p className="text-small text-ink2">{words.always}</p>
      </Section>
    )
  }
  const isOn = state === 'on'
  const name = isOn ? words.on : words.off
  const change = (wanted: boolean) => {
    // Within the click: the browser shows its own dialog.
    const given = wanted ? allow() : giveBack()
    run(async () => {
      setDenied(!(await given))
    })
  }
  return (
    <Section title={words.title}>
      <div className="flex items-center justify-between gap-2">
        <span>{name}</span>
        <Switch name={name} describedBy={hint} checked={isOn} disabled={busy} onChange={change} />
      </div>
      <p id={hint} className="text-small text-ink2">
        {isOn ? words.onHint : words.offHint}
      </p>
      {(error ?? denied) && (
        <div className="mt-3 grid gap-2">
          {error && <ErrorNotice error={error} />}
          {denied && <Notice tone="warn" message={words.denied} />}
        </div>
      )}
    </Section>
  )
}
