import { useEffect, useState } from 'react'
import type { Brought } from '../brought.ts'

interface BroughtHere {
  readonly brought: Brought | null
  /** Whether something that can be dropped here is over the window. */
  readonly isOver: boolean
  readonly forget: () => void
}

/** What is dropped anywhere on the window; pasted, too, where that is asked for and no box takes it. */
export function useBrought({ pastes = false } = {}): BroughtHere {
  const [brought, setBrought] = useState<Brought | null>(null)
  const [isOver, setIsOver] = useState(false)

  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!isTaken(event)) return
      // Without this the browser opens the file in the window's place.
      event.preventDefault()
      setIsOver(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false)
    }
    const drop = (event: DragEvent) => {
      setIsOver(false)
      if (!isTaken(event)) return
      event.preventDefault()
      const dropped = readDropped(event.dataTransfer)
      if (dropped) setBrought(dropped)
    }
    const paste = (event: ClipboardEvent) => {
      if (!pastes || isInBox(event)) return
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (text.trim() !== '') setBrought({ text })
    }
    document.addEventListener('dragover', over)
    document.addEventListener('dragleave', leave)
    document.addEventListener('drop', drop)
    document.addEventListener('paste', paste)
    return () => {
      document.removeEventListener('dragover', over)
      document.removeEventListener('dragleave', leave)
      document.removeEventListener('drop', drop)
      document.removeEventListener('paste', paste)
    }
  }, [pastes])

  return {
    ...{ brought, isOver },
    forget: () => {
      setBrought(null)
    },
  }
}

/** Files anywhere; marked text where no box takes it. A link of ours is dragged by mistake. */
function isTaken(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? []
  if (types.includes('Files')) return true
  return types.includes('text/plain') && !types.includes('text/uri-list') && !isInBox(event)
}

function readDropped(dropped: DataTransfer | null): Brought | null {
  const [file] = dropped?.files ?? []
  if (file) return { file }
  const text = dropped?.getData('text/plain') ?? ''
  return text.trim() === '' ? null : { text }
}

function isInBox({ target }: Event): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea') !== null
}
