import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { useKeyOrder } from '../hooks/use-key-order.ts'
import { useRowFocus } from '../hooks/use-row-focus.ts'
import { MESSAGES } from '../messages.ts'
import { ErrorNotice } from './error-notice.tsx'
import { KeysRow } from './keys-row.tsx'

/** A row at the usual size of text, until one was measured. */
const ROW_PX = 57

interface Props {
  readonly keys: readonly KeySummary[]
  /** The key that is open beside the list, `''` for none. */
  readonly current: string
  /** False where the list shows a part of the keys: a place in a part says nothing about the whole. */
  readonly canMove: boolean
  readonly now: number
}

/** Keys by the thousand: only the rows on the screen are drawn. */
export function KeysList({ keys, current, canMove, now }: Props) {
  const words = MESSAGES.dashboardKeys
  const list = useRef<HTMLUListElement>(null)
  const hintId = useId()
  const [top, setTop] = useState(0)
  const [rowPx, setRowPx] = useState(ROW_PX)
  const order = useKeyOrder(keys)
  const rows = useWindowVirtualizer({
    count: keys.length,
    estimateSize: () => rowPx,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => keys[index]?.id ?? index,
  })
  const walk = useRowFocus({
    list,
    count: keys.length,
    scrollTo: (index) => {
      rows.scrollToIndex(index)
    },
  })

  // What stands above the list comes and goes: notices, the search.
  useLayoutEffect(() => {
    const place = list.current?.getBoundingClientRect().top ?? 0
    setTop(Math.round(place + window.scrollY))
    // Rows are all as high: one is measured, not each that scrolls by.
    setRowPx(list.current?.querySelector('li')?.offsetHeight ?? ROW_PX)
  }, [keys])

  useLayoutEffect(() => {
    rows.measure()
  }, [rows, rowPx])

  // A row that was moved is drawn anew, and the handle the person holds on to with it.
  useEffect(() => {
    if (order.moved === null) return
    list.current
      ?.querySelector<HTMLElement>(`[data-key="${CSS.escape(order.moved)}"] [data-handle]`)
      ?.focus()
  }, [order.moved, keys])

  return (
    <>
      {order.error && (
        <div className="p-3">
          <ErrorNotice error={order.error} />
        </div>
      )}
      <ul
        ref={list}
        aria-label={words.list}
        onKeyDown={walk}
        className="relative"
        style={{ height: `${rows.getTotalSize()}px` }}
      >
        {rows.getVirtualItems().map((item) => {
          const summary = keys[item.index]
          return (
            summary && (
              <KeysRow
                key={item.key}
                summary={summary}
                index={item.index}
                count={keys.length}
                offsetPx={item.start - top}
                isCurrent={summary.id === current}
                order={canMove ? order : null}
                hintId={hintId}
                now={now}
              />
            )
          )
        })}
      </ul>
      <p id={hintId} hidden>
        {words.moveHint}
      </p>
      <p role="status" className="sr-only">
        {order.said}
      </p>
    </>
  )
}
