import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { MESSAGES } from '../messages.ts'
import { onEscape } from '../on-escape.ts'
import { Button } from './button.tsx'

interface Props {
  readonly title: string
  readonly text: string
  /** How it stands now. */
  readonly children?: ReactNode
  /** Whether the form is there from the start: something else asked for it. */
  readonly startsOpen?: boolean
  /** The button that unfolds the form; absent: there is none. */
  readonly open?: string
  /** The form. `close` folds it up again. */
  readonly form?: (close: () => void) => ReactNode
}

/** One thing that protects the vault: how it stands, and the form that changes it. */
export function SecurityCard(props: Props) {
  const { title, text, children, startsOpen = false, open, form } = props
  const [isOpen, setOpen] = useState(startsOpen)
  const [wasOpen, setWasOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  // The form took the focus with it: it goes back to the button that unfolded it.
  useEffect(() => {
    if (wasOpen && !isOpen) button.current?.focus()
  }, [isOpen, wasOpen])
  const close = () => {
    setWasOpen(true)
    setOpen(false)
  }
  return (
    <section aria-labelledby={id} className="p-4 not-first:border-t not-first:border-line md:p-6">
      <h2 id={id} className="font-bold">
        {title}
      </h2>
      <p className="mt-1 text-ink2">{text}</p>
      {children !== undefined && <div className="mt-3">{children}</div>}
      {form && isOpen && (
        <div
          role="group"
          aria-labelledby={id}
          className="appear mt-1 max-w-100"
          onKeyDown={onEscape(close)}
        >
          {form(close)}
          <Button look="text" className="mt-2" onClick={close}>
            {MESSAGES.cancel}
          </Button>
        </div>
      )}
      {form && (
        <Button
          ref={button}
          className={`mt-3 ${isOpen ? 'hidden' : ''}`}
          aria-expanded={isOpen}
          onClick={() => {
            setOpen(true)
          }}
        >
          {open}
        </Button>
      )}
    </section>
  )
}
