import type { ReactNode } from 'react'
import { Mark } from './mark.tsx'

interface Props {
  readonly title: string
  readonly children?: ReactNode
}

/** The strip on top of a window: mark, title, and its icon buttons. */
export function WindowHeader({ title, children }: Props) {
  return (
    <header className="flex min-h-14 items-center gap-2.5 border-b border-line py-3 pr-3 pl-4">
      <Mark />
      <span className="flex-1 font-bold tracking-tight">{title}</span>
      {children}
    </header>
  )
}
