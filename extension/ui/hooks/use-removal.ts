import { useEffect, useState } from 'react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction, type Action } from './use-action.ts'

/** A key that was deleted and can still be taken back. */
export interface RemovedKey {
  readonly summary: KeySummary
  readonly undoUntil: number
}

interface Removal extends Pick<Action, 'busy' | 'error'> {
  /** The key deleted last, for as long as it can be taken back. */
  readonly removed: RemovedKey | null
  readonly remove: (summary: KeySummary) => void
  readonly undo: () => void
}

/** Deleting a key, with some seconds to take it back. */
export function useRemoval(): Removal {
  const [removed, setRemoved] = useState<RemovedKey | null>(null)
  const { busy, error, run } = useAction()

  useEffect(() => {
    if (!removed) return
    const timer = setTimeout(() => {
      setRemoved(null)
    }, removed.undoUntil - Date.now())
    return () => {
      clearTimeout(timer)
    }
  }, [removed])

  const remove = (summary: KeySummary) => {
    run(async () => {
      const { undoUntil } = await request('key.remove', { keyId: summary.id })
      setRemoved({ summary, undoUntil })
    })
  }
  const undo = () => {
    if (!removed) return
    const { id: keyId } = removed.summary
    setRemoved(null)
    run(async () => {
      await request('key.restore', { keyId })
    })
  }

  return { removed, busy, error, remove, undo }
}
