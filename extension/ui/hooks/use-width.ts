import { useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** How wide an element is, in CSS pixels, also as the window changes; `initial` until it is drawn. */
export function useWidth(initial: number): readonly [RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(initial)
  useLayoutEffect(() => {
    const watched = element.current
    if (!watched) return
    setWidth(watched.clientWidth)
    const observer = new ResizeObserver(() => {
      setWidth(watched.clientWidth)
    })
    observer.observe(watched)
    return () => {
      observer.disconnect()
    }
  }, [])
  return [element, width]
}
