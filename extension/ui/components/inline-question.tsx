import { useReturnedFocus } from '../hooks/use-returned-focus.ts'
import { onEscape } from '../on-escape.ts'
import { Button } from './button.tsx'

interface Props {
  readonly question: string
  readonly yes: string
  readonly no: string
  readonly busy?: boolean
  readonly onYes: () => void
  readonly onNo: () => void
}

/** A question where it arose; the cautious answer comes first and takes the focus. */
export function InlineQuestion({ question, yes, no, busy = false, onYes, onNo }: Props) {
  useReturnedFocus()

  return (
    <div
      role="group"
      aria-label={question}
      className="appear mt-2 rounded-card bg-warn-soft p-3"
      onKeyDown={onEscape(() => {
        if (!busy) onNo()
      })}
    >
      <p>{question}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button look="primary" small autoFocus onClick={onNo} disabled={busy}>
          {no}
        </Button>
        <Button look="paper" small onClick={onYes} disabled={busy}>
          {yes}
        </Button>
      </div>
    </div>
  )
}
