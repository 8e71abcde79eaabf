import { useEffect, useRef } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useTakenFocus } from '../hooks/use-taken-focus.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { Button } from './button.tsx'
import { ServerError } from './server-error.tsx'
import { SixWords } from './six-words.tsx'

interface Props {
  readonly six: readonly string[]
  readonly onOutcome: (outcome: 'done' | 'refused') => void
}

/** The person compares the words of both devices: nothing is handed over before. */
export function CompareWords({ six, onOutcome }: Props) {
  const words = DEVICE_WORDS.add
  const heading = useTakenFocus()
  const { busy, error, run } = useAction()
  const isAnswered = useRef(false)

  // Whoever leaves without an answer did not say that the words match.
  useEffect(
    () => () => {
      if (!isAnswered.current) void request('pairing.refuse', {}).catch(() => undefined)
    },
    [],
  )
  const answer = (method: 'pairing.confirm' | 'pairing.refuse', outcome: 'done' | 'refused') => {
    run(async () => {
      isAnswered.current = true
      await request(method, {})
      onOutcome(outcome)
    })
  }
  return (
    <>
      <h3 ref={heading} tabIndex={-1} className="mt-3 font-bold outline-none">
        {words.compare}
      </h3>
      <p className="text-ink2">{words.compareText}</p>
      <SixWords words={six} />
      {error && (
        <div className="mt-3">
          <ServerError error={error} />
        </div>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button
          disabled={busy}
          onClick={() => {
            answer('pairing.refuse', 'refused')
          }}
        >
          {words.differ}
        </Button>
        <Button
          look="primary"
          disabled={busy}
          onClick={() => {
            answer('pairing.confirm', 'done')
          }}
        >
          {busy ? words.sameBusy : words.same}
        </Button>
      </div>
    </>
  )
}
