import { useEffect, useRef, type RefObject } from 'react'

/** The focus goes to what just appeared: the button that led there is gone. */
export function useTakenFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus()
  }, [])
  return heading
}
