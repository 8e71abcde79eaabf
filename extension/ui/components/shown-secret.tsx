import { useEffect, useRef } from 'react'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly secret: string
  readonly message: string
  readonly action?: string
  /** The person has it: it leaves the screen for good. */
  readonly onKept: () => void
}

/** A secret that is shown once. */
export function ShownSecret({ secret, message, action, onKept }: Props) {
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    box.current?.focus()
  }, [])
  return (
    <Notice tone="go" message={message} {...(action !== undefined && { action })}>
      <code
        ref={box}
        tabIndex={-1}
        aria-label={DEVELOPER_WORDS.secret}
        className="block w-full rounded-control bg-paper p-2 font-mono text-small break-all outline-none select-all"
      >
        {secret}
      </code>
      <CopyButton text={secret} />
      <Button look="text" onClick={onKept}>
        {DEVELOPER_WORDS.secretDone}
      </Button>
    </Notice>
  )
}
