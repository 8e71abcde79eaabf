import { useSecondsLeft } from '../hooks/use-seconds-left.ts'
import { MESSAGES } from '../messages.ts'

/** How long a key is still remembered; not read out as it counts. */
export function ForgottenIn({ at }: { readonly at: number }) {
  const left = useSecondsLeft(at)
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  return (
    <p role="timer" className="text-small text-ink2 tabular-nums">
      {MESSAGES.capture.forgottenIn(time)}
    </p>
  )
}
