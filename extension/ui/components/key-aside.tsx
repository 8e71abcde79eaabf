import { useEffect, useRef, type ReactNode } from 'react'
import { ArrowLeft, X } from 'lucide-react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { useReturnedFocus } from '../hooks/use-returned-focus.ts'
import { linkTo } from '../hooks/use-route.ts'
import { MESSAGES } from '../messages.ts'
import { onEscapeFromEmpty } from '../on-escape.ts'
import { keyName } from '../provider-facts.ts'
import { AddKeyPanel } from './add-key-panel.tsx'
import { KeyDetail } from './key-detail.tsx'

interface Props {
  /** The id of a key, or what stands in the address while one is added. */
  readonly item: string
  readonly keys: readonly KeySummary[]
  readonly onRemove: (summary: KeySummary) => void
}

const showList = () => {
  location.hash = linkTo('keys')
}

/** What stands in the address while a key is added. */
export const NEW_KEY = 'new'

/** What stands beside the list: the key that is open, or the form for a new one. */
export function KeyAside({ item, keys, onRemove }: Props) {
  const words = MESSAGES.dashboardKeys
  if (item === NEW_KEY) {
    return (
      <Frame title={MESSAGES.addKey.title}>
        <div className="p-4 pt-1">
          <AddKeyPanel onDone={showList} />
        </div>
      </Frame>
    )
  }
  const summary = keys.find(({ id }) => id === item)
  if (!summary) {
    return (
      <Frame title={words.gone}>
        <p className="p-4 pt-1 text-ink2">{words.goneHint}</p>
      </Frame>
    )
  }
  return (
    <Frame title={keyName(summary)}>
      <KeyDetail summary={summary} onRemove={onRemove} />
    </Frame>
  )
}

function Frame({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const words = MESSAGES.dashboardKeys
  const heading = useRef<HTMLHeadingElement>(null)
  useReturnedFocus()

  // Whoever opened it goes on here: on a narrow window the list is no longer on the screen.
  useEffect(() => {
    heading.current?.focus()
  }, [])

  return (
    <section
      aria-label={title}
      onKeyDown={onEscapeFromEmpty(showList)}
      className="appear self-start rounded-window bg-paper shadow-[0_0_0_1px_var(--line)] xl:sticky xl:top-6 xl:max-h-[calc(100dvh-3rem)] xl:overflow-y-auto"
    >
      <a
        href={linkTo('keys')}
        className="m-2 inline-flex min-h-8 items-center gap-2 rounded-control px-2 text-ink2 hover:bg-sunken hover:text-ink xl:hidden"
      >
        <ArrowLeft size={17} aria-hidden="true" />
        {words.back}
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
          href={linkTo('keys')}
          aria-label={words.back}
          title={words.back}
          className="grid size-8 shrink-0 place-items-center rounded-control text-ink2 hover:bg-sunken hover:text-ink max-xl:hidden"
        >
          <X size={17} aria-hidden="true" />
        </a>
      </div>
      {children}
    </section>
  )
}
