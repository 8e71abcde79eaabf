import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react'

interface Rows {
  readonly list: RefObject<HTMLElement | null>
  readonly count: number
  /** Brings a row of a list that draws only what is seen onto the screen. */
  readonly scrollTo: (index: number) => void
}

/**
 * Arrow keys, Home and End walk the rows of a list that is drawn only where it is seen: the row to go to
 * may have to be drawn first. A row is `[data-index]`, and its link takes the focus.
 */
export function useRowFocus({ list, count, scrollTo }: Rows) {
  const wanted = useRef<number | null>(null)

  const focusWanted = () => {
    if (wanted.current === null) return
    const link = list.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] a`)
    if (!link) return
    wanted.current = null
    link.focus()
  }

  // After every drawing: the row wanted may be on the screen only now.
  useEffect(focusWanted)

  return (event: KeyboardEvent) => {
    const row = event.target instanceof Element ? event.target.closest('[data-index]') : null
    if (!row) return
    const index = Number(row.getAttribute('data-index'))
    const next = nextRow(event.key, index, count)
    if (next === null || next < 0 || next >= count) return
    event.preventDefault()
    wanted.current = next
    scrollTo(next)
    focusWanted()
  }
}

function nextRow(key: string, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return index + 1
    case 'ArrowUp':
      return index - 1
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}
