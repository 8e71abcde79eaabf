import type { ProviderId } from '@valetkey/wallet/protocol'
import type { CaptureTest } from '../hooks/use-capture-test.ts'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly provider: ProviderId
  readonly state: CaptureTest
  readonly onTest: () => void
}

const TONES = { works: 'go', refused: 'stop', limited: 'warn', unreachable: 'warn' } as const

/** What the provider says about a key before it is saved. */
export function CaptureTestRow({ provider, state, onTest }: Props) {
  const words = MESSAGES.capture
  const name = providerName(provider)
  if (state === 'failed') return null
  if (state === 'testing') return <Notice tone="plain" message={words.testing(name)} />
  if (state === 'no-access' || state === 'denied') {
    const told = state === 'denied' ? words.accessDenied(name) : words.noAccess(name)
    return (
      <Notice tone={state === 'denied' ? 'stop' : 'plain'} {...told}>
        <Button look="paper" small onClick={onTest}>
          {words.allowTest}
        </Button>
      </Notice>
    )
  }
  const { message, action } = words.tests[state](name)
  return (
    <Notice tone={TONES[state]} message={message} {...(action !== '' && { action })}>
      {state !== 'works' && (
        <Button look="paper" small onClick={onTest}>
          {words.testAgain}
        </Button>
      )}
    </Notice>
  )
}
