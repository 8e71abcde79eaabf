import type { KeyboardEvent } from 'react'

/** Closes the innermost thing that is open: what surrounds it stays. */
export function onEscape(close: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    close()
  }
}

/**
 * The same, unless the box the person is in holds something: a provider shows a new key once, and one
 * key press must not lose it.
 */
export function onEscapeFromEmpty(close: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (!holdsText(event.target)) onEscape(close)(event)
  }
}

function holdsText(target: EventTarget): boolean {
  const isBox = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
  return isBox && target.value !== ''
}
