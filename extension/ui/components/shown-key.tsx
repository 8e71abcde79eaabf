import { useEffect, useRef, useState } from 'react'
import { browser } from '../../adapters/browser.ts'
import { useCopy } from '../hooks/use-copy.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'

/** A key in clear leaves the screen by itself after this long. */
const SHOWN_SECONDS = 30

interface Props {
  readonly secret: string
  readonly onHide: () => void
}

/** A key in clear, for half a minute or until the person looks elsewhere. */
export function ShownKey({ secret, onHide }: Props) {
  const words = MESSAGES.dashboardKeys.secret
  const left = useSecondsLeft(SHOWN_SECONDS, onHide)
  const clears = useMayClear()
  const copy = useCopy(secret, { secret: true })
  const box = useRef<HTMLParagraphElement>(null)

  useHideWhenAway(onHide)
  // The form that led here is gone: a keyboard or screen reader goes on at the key.
  useEffect(() => {
    box.current?.focus()
  }, [])

  return (
    <div className="appear">
      <p
        ref={box}
        tabIndex={-1}
        aria-label={words.shownLabel}
        translate="no"
        data-testid="shown-key"
        className="rounded-control bg-sunken p-3 font-mono text-small break-all outline-offset-0"
      >
        {secret}
      </p>
      <p className="mt-1 text-small text-ink2 tabular-nums">{words.hidesIn(left)}</p>
      <p className="mt-2 text-small text-ink2">{clears ? words.clears : words.stays}</p>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <Button small onClick={copy.copy}>
          {MESSAGES.copy}
        </Button>
        <p role="status" className="text-small text-ink2">
          {copy.outcome === 'copied' &&
            (copy.clearsAt === null ? words.copiedStays : words.copiedClears)}
          {copy.outcome === 'failed' && MESSAGES.copyFailed}
        </p>
      </div>
    </div>
  )
}

function useSecondsLeft(seconds: number, onOver: () => void): number {
  const [left, setLeft] = useState(seconds)

  useEffect(() => {
    const until = Date.now() + seconds * 1000
    const timer = setInterval(() => {
      const rest = Math.ceil((until - Date.now()) / 1000)
      if (rest <= 0) onOver()
      else setLeft(rest)
    }, 250)
    return () => {
      clearInterval(timer)
    }
  }, [seconds, onOver])

  return left
}

/** A tab nobody looks at shows no key, and neither does one that comes back from the cache. */
function useHideWhenAway(onAway: () => void): void {
  useEffect(() => {
    const hide = () => {
      if (document.visibilityState === 'hidden') onAway()
    }
    document.addEventListener('visibilitychange', hide)
    window.addEventListener('pagehide', onAway)
    return () => {
      document.removeEventListener('visibilitychange', hide)
      window.removeEventListener('pagehide', onAway)
    }
  }, [onAway])
}

/** Whether the browser lets us empty the clipboard; false until it is known, so that nothing is promised. */
function useMayClear(): boolean {
  const [may, setMay] = useState(false)

  useEffect(() => {
    let current = true
    void browser.permissions.contains({ permissions: ['clipboardWrite'] }).then((held) => {
      if (current) setMay(held)
    })
    return () => {
      current = false
    }
  }, [])

  return may
}
