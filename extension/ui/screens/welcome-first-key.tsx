import { useState } from 'react'
import { request } from '../background-client.ts'
import { AddKeyPanel } from '../components/add-key-panel.tsx'
import { NextSteps } from '../components/next-steps.tsx'
import { WelcomeFrame } from '../components/welcome-frame.tsx'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'

const readKeys = async () => (await request('key.list', {})).keys

/** The last step: a key for the vault, and where to go from here. */
export function WelcomeFirstKey() {
  const words = MESSAGES.firstKey
  const keys = useLoaded(readKeys)
  const [saved, setSaved] = useState(false)
  const hasKeys = saved || (keys.state === 'ready' && keys.value.length > 0)
  return (
    <WelcomeFrame title={hasKeys ? words.nextTitle : words.title} step={3}>
      <div className="mt-3">
        <AddKeyPanel
          onSaved={() => {
            setSaved(true)
          }}
        />
      </div>
      <NextSteps />
    </WelcomeFrame>
  )
}
