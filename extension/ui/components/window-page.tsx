import { useEffect, type ReactNode } from 'react'
import { ForgottenIn } from './forgotten-in.tsx'
import { WindowHeader } from './window-header.tsx'

interface Props {
  readonly title: string
  /** When what it asks about is forgotten, Unix ms. */
  readonly until?: number
  readonly children: ReactNode
}

/** What every state of a window of its own stands in; the browser's list of windows has its title too. */
export function WindowPage({ title, until, children }: Props) {
  useEffect(() => {
    document.title = title
  }, [title])

  return (
    <div className="flex min-h-dvh flex-col">
      <WindowHeader title={title}>{until !== undefined && <ForgottenIn at={until} />}</WindowHeader>
      {children}
    </div>
  )
}
