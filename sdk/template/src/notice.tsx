import { useEffect, useState } from 'react'
import { ConnectButton, useValetKey } from 'valetkey/react'
import type { Trouble } from './use-conversation.ts'

interface NoticeProps {
  readonly trouble: Trouble
  /** Asks the last question again; absent where there is none. */
  readonly onRetry?: (() => void) | undefined
}

/** What happened and what can be done, in the wallet’s words, with the one button that helps. */
export function Notice({ trouble, onRetry }: NoticeProps) {
  const { state } = useValetKey()
  const { code, message, action } = trouble
  return (
    <div className="notice" role="alert" data-code={code}>
      <div>
        <p className="what">{message}</p>
        <p>{action}</p>
      </div>
      {state === 'locked' ? (
        <ConnectButton className="plain" />
      ) : (
        onRetry && (
          <button type="button" className="plain" onClick={onRetry}>
            Try again
          </button>
        )
      )}
    </div>
  )
}

const PAUSES: Partial<Record<ReturnType<typeof useValetKey>['state'], Trouble>> = {
  locked: {
    code: 'vault.locked',
    message: 'ValetKey is locked.',
    action: 'Unlock it to go on; nothing you wrote is lost.',
  },
  paused: {
    code: 'grant.paused',
    message: 'ValetKey is paused.',
    action: 'Open ValetKey and press Resume.',
  },
}

/** What stands in the way before anything was asked: no extension, a no, a locked or paused wallet. */
export function useHindrance(): Trouble | null {
  const { state, error } = useValetKey()
  const waited = useWaited(state === 'asking')
  if (PAUSES[state]) return PAUSES[state]
  if (error) return { code: error.code, message: error.message, action: error.action }
  if (!waited) return null
  return {
    code: 'asking',
    message: 'ValetKey is asking you in a window of its own.',
    action: 'It may lie behind this one.',
  }
}

const WAIT_MS = 8000

/** True once something has been so for a while. */
function useWaited(isSo: boolean): boolean {
  const [waited, setWaited] = useState(false)
  useEffect(() => {
    if (!isSo) return undefined
    const timer = setTimeout(() => {
      setWaited(true)
    }, WAIT_MS)
    return () => {
      clearTimeout(timer)
      setWaited(false)
    }
  }, [isSo])
  return waited
}
