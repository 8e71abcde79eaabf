import { useId, type ReactNode } from 'react'

interface Props {
  readonly title: string
  readonly busy?: boolean
  readonly children: ReactNode
}

/** A titled group of a window. */
export function Section({ title, busy = false, children }: Props) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      aria-busy={busy}
      className="p-4 not-first:border-t not-first:border-line"
    >
      <h2 id={id} className="mb-2 text-group font-bold text-ink2">
        {title}
      </h2>
      {children}
    </section>
  )
}
