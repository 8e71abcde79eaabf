import { useEffect, useRef } from 'react'
import { MESSAGES } from '../messages.ts'
import { keyName } from '../provider-facts.ts'
import type { RemovedKey } from '../hooks/use-removal.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly removed: RemovedKey
  readonly onUndo: () => void
}

/** What was deleted, and the way back. It takes the focus: what was pressed to get here is gone. */
export function UndoNotice({ removed, onUndo }: Props) {
  const words = MESSAGES.dashboardKeys
  const button = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    button.current?.focus()
  }, [removed])

  return (
    <Notice
      tone="plain"
      message={words.deleted(keyName(removed.summary))}
      action={words.deletedHint}
    >
      <Button ref={button} look="paper" small onClick={onUndo}>
        {words.undo}
      </Button>
    </Notice>
  )
}
