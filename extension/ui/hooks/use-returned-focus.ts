import { useEffect, useState } from 'react'

/** The focus goes back to what led here, not to the top of the window. */
export function useReturnedFocus(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus()
    },
    [before],
  )
}
