import { useState, type DragEvent, type KeyboardEvent } from 'react'
import type { KeyId, KeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { MESSAGES } from '../messages.ts'
import { keyName } from '../provider-facts.ts'
import { useAction } from './use-action.ts'

/** Moving keys about in the list: by the arrow keys on their handle, or by dragging it. */
export function useKeyOrder(keys: readonly KeySummary[]) {
  const [moved, setMoved] = useState<KeyId | null>(null)
  const [dragged, setDragged] = useState<KeyId | null>(null)
  const [dropAt, setDropAt] = useState<number | null>(null)
  const { error, run } = useAction()

  /** @param place where among the keys it comes to stand, counted without itself */
  const move = (keyId: KeyId, place: number) => {
    const others = keys.filter(({ id }) => id !== keyId)
    if (place < 0 || place > others.length) return
    run(async () => {
      await request('key.reorder', { keyId, before: others[place]?.id ?? null })
      setMoved(keyId)
    })
  }

  const handleOf = (summary: KeySummary, index: number) => ({
    draggable: true,
    onKeyDown: (event: KeyboardEvent) => {
      const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
      if (step === 0) return
      event.preventDefault()
      event.stopPropagation()
      move(summary.id, index + step)
    },
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = 'move'
      // Firefox drags nothing that carries nothing; the name is no secret of the page it may fall on.
      event.dataTransfer.setData('text/plain', keyName(summary))
      setDragged(summary.id)
    },
    onDragEnd: () => {
      setDragged(null)
      setDropAt(null)
    },
  })

  const targetOf = (index: number) => ({
    onDragOver: (event: DragEvent) => {
      if (dragged === null) return
      event.preventDefault()
      const { top, height } = event.currentTarget.getBoundingClientRect()
      setDropAt(event.clientY < top + height / 2 ? index : index + 1)
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      const from = keys.findIndex(({ id }) => id === dragged)
      if (dragged !== null && dropAt !== null && dropAt !== from && dropAt !== from + 1) {
        move(dragged, dropAt > from ? dropAt - 1 : dropAt)
      }
      setDragged(null)
      setDropAt(null)
    },
  })

  const place = keys.findIndex(({ id }) => id === moved)
  const movedKey = keys[place]
  const said = movedKey
    ? MESSAGES.dashboardKeys.moved(keyName(movedKey), place + 1, keys.length)
    : null
  return { moved, dropAt, said, error, handleOf, targetOf }
}

export type KeyOrder = ReturnType<typeof useKeyOrder>
