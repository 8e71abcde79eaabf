import type { MouseEvent } from 'react'
import { useArmed } from '../hooks/use-armed.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'

interface Props {
  /** Whether it can be allowed as it stands. */
  readonly ready: boolean
  readonly busy: boolean
  /** What the answer that allows it says. */
  readonly allow?: string
  readonly deny?: string
  readonly onAllow: () => void
  readonly onDeny: () => void
  /** Absent where an hour makes no sense. */
  readonly onOnce?: () => void
}

/** The answers. None is a default, none takes the focus by itself (C53). */
export function ConsentAnswers({ ready, busy, allow, deny, onAllow, onDeny, onOnce }: Props) {
  const words = MESSAGES.consent
  const armed = useArmed()
  const blocked = !armed || busy
  return (
    <footer className="bottom-0 flex flex-wrap gap-2 border-t border-line bg-paper px-4 py-3 [@media(min-height:400px)]:sticky">
      <Button look="text" disabled={blocked} onClick={byHand(onDeny)}>
        {deny ?? words.deny}
      </Button>
      {onOnce && (
        <Button disabled={blocked || !ready} onClick={byHand(onOnce)}>
          {words.once}
        </Button>
      )}
      <Button
        look="primary"
        className="flex-1"
        disabled={blocked || !ready}
        onClick={byHand(onAllow)}
      >
        {allow ?? words.allow}
      </Button>
    </footer>
  )
}

/** C53: only a person's own press counts, never a click made by a script. */
function byHand(act: () => void) {
  return (event: MouseEvent) => {
    if (event.nativeEvent.isTrusted) act()
  }
}
