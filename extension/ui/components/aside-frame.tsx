import { useEffect, useRef, type ReactNode } from 'react'
import { ArrowLeft, X } from 'lucide-react'
import { useReturnedFocus } from '../hooks/use-returned-focus.ts'
import { linkTo } from '../hooks/use-route.ts'
import { onEscapeFromEmpty } from '../on-escape.ts'

interface Props {
  readonly title: string
  /** The section of the dashboard whose list it stands beside. */
  readonly section: string
  /** How the way back to the list is called. */
  readonly back: string
  readonly children: ReactNode
}

/** What is open beside a list, with the way back. */
export function AsideFrame({ title, section, back, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useReturnedFocus()

  // Whoever opened it goes on here: on a narrow window the list is no longer on the screen.
  useEffect(() => {
    heading.current?.focus()
  }, [])

  return (
    <section
      aria-label={title}
      onKeyDown={onEscapeFromEmpty(() => {
        location.assign(linkTo(section))
      })}
      className="appear self-start rounded-window bg-paper shadow-[0_0_0_1px_var(--line)] xl:sticky xl:top-6 xl:max-h-[calc(100dvh-3rem)] xl:overflow-y-auto"
    >
      <a
        href={linkTo(section)}
        className="m-2 inline-flex min-h-8 items-center gap-2 rounded-control px-2 text-ink2 hover:bg-sunken hover:text-ink xl:hidden"
      >
        <ArrowLeft size={17} aria-hidden="true" />
        {back}
      </a>
      <div className="flex items-start gap-2 px-4 pt-1 xl:pt-4">
        <h2
          ref={heading}
          tabIndex={-1}
          className="min-w-0 flex-1 text-question font-bold tracking-tight outline-none"
        >
          {title}
        </h2>
        <a
          href={linkTo(section)}
          aria-label={back}
          title={back}
          className="grid size-8 shrink-0 place-items-center rounded-control text-ink2 hover:bg-sunken hover:text-ink max-xl:hidden"
        >
          <X size={17} aria-hidden="true" />
        </a>
      </div>
      {children}
    </section>
  )
}
