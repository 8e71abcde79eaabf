import { useEffect, useId, useRef, type ReactNode } from 'react'
import { createPortal } from 'react-dom'

/**
 * A dialog as the libraries of these dashboards make it: drawn at the end of the body, the rest of the page
 * without pointer events and hidden from assistive technology, the focus held inside.
 */
export function Modal({ title, children }: { title: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const titleId = useId()
  useEffect(() => {
    const root = document.getElementById('root')
    document.body.style.pointerEvents = 'none'
    root?.setAttribute('aria-hidden', 'true')
    const holdFocus = (event: FocusEvent) => {
      const target = event.target as Node | null
      if (target && box.current?.contains(target) === false) box.current.focus()
    }
    document.addEventListener('focusin', holdFocus)
    box.current?.focus()
    return () => {
      document.body.style.pointerEvents = ''
      root?.removeAttribute('aria-hidden')
      document.removeEventListener('focusin', holdFocus)
    }
  }, [])
  return createPortal(
    <div className="overlay">
      <div ref={box} className="modal" role="dialog" aria-labelledby={titleId} tabIndex={-1}>
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </div>,
    document.body,
  )
}
