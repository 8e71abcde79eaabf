import { useLayoutEffect, useRef, type RefObject } from 'react'

/**
 * A button that is disabled while it works loses the focus, and whoever works by keyboard starts again at
 * the top of the window: once it is enabled it takes the focus back, unless something else has it by then.
 */
export function useKeptFocus(isDisabled: boolean): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null)
  const had = useRef(false)
  useLayoutEffect(() => {
    if (isDisabled) {
      had.current = document.activeElement === button.current
    } else if (had.current) {
      had.current = false
      if (document.activeElement === document.body) button.current?.focus()
    }
  }, [isDisabled])
  return button
}
