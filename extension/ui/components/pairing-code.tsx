import { useSecondsLeft } from '../hooks/use-seconds-left.ts'
import type { KeptCode } from '../kept-code.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { codeForPeople, minutesForPeople } from '../pairing-code.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

interface Props extends KeptCode {
  readonly onAgain: () => void
}

/** The code, large enough to be read across a desk, and how long it lives. */
export function PairingCode({ code, expiresAt, onAgain }: Props) {
  const words = DEVICE_WORDS.pair
  const secondsLeft = useSecondsLeft(expiresAt)
  if (secondsLeft === 0) {
    return (
      <div className="mt-4">
        <Notice tone="warn" {...words.over}>
          <Button small look="paper" onClick={onAgain}>
            {words.again}
          </Button>
        </Notice>
      </div>
    )
  }
  const text = codeForPeople(code)
  return (
    <div className="mt-4 rounded-card border border-dashed border-brass/45 bg-brass-soft p-6 text-center">
      <p data-testid="pairing-code" className="font-mono text-figure font-bold tracking-tight">
        {/* Read out letter by letter, not as a word. */}
        <span aria-hidden="true">{text}</span>
        <span className="sr-only">{text.split('').join(' ')}</span>
      </p>
      <p role="timer" className="mt-2 text-small text-ink2 tabular-nums">
        {words.left(minutesForPeople(secondsLeft))}
      </p>
    </div>
  )
}
