import { useEffect, useState } from 'react'
import { CONSENT_ARMING_MS } from '@valetkey/wallet/protocol'

const MOVE_CHECK_MS = 50

/**
 * Whether answers may be taken: only after this window had the focus, in one place and size, for
 * {@link CONSENT_ARMING_MS} without a break. C54: a second click meant for the page must not land on
 * a window that opened, moved or came forward under the pointer.
 */
export function useArmed(): boolean {
  const [armed, setArmed] = useState(false)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const disarm = () => {
      clearTimeout(timer)
      setArmed(false)
    }
    const rearm = () => {
      disarm()
      if (!document.hasFocus() || document.visibilityState !== 'visible') return
      timer = setTimeout(() => {
        setArmed(true)
      }, CONSENT_ARMING_MS)
    }
    const stopWatching = watchPlace(rearm)
    window.addEventListener('focus', rearm)
    window.addEventListener('blur', disarm)
    window.addEventListener('resize', rearm)
    document.addEventListener('visibilitychange', rearm)
    rearm()
    return () => {
      clearTimeout(timer)
      stopWatching()
      window.removeEventListener('focus', rearm)
      window.removeEventListener('blur', disarm)
      window.removeEventListener('resize', rearm)
      document.removeEventListener('visibilitychange', rearm)
    }
  }, [])

  return armed
}

/** A window that is moved fires no event: its place is compared. */
function watchPlace(onMoved: () => void): () => void {
  let place = `${window.screenX},${window.screenY}`
  const timer = setInterval(() => {
    const now = `${window.screenX},${window.screenY}`
    if (now !== place) onMoved()
    place = now
  }, MOVE_CHECK_MS)
  return () => {
    clearInterval(timer)
  }
}
