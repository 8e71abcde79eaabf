import type { Clock } from '@valetkey/wallet/protocol'

const BEAT_MS = 20_000
/** Calls that follow each other so closely need no beat each. */
const FRESH_MS = 5_000

/**
 * Keeps the worker alive while something is in flight: Chrome kills it after 30 s without an event, and
 * neither an open port nor a pending fetch is one (interception §4). An extension API call is.
 */
export interface Keepalive {
  /** Holds the worker until the returned function is called. */
  hold(): () => void
  /** Resolves as soon as nothing is held: at once, when nothing is. */
  whenFree(): Promise<void>
}

/** @param touch any call of the browser's own interface */
export function createKeepalive(clock: Clock, touch: () => void): Keepalive {
  let held = 0
  let timer: ReturnType<typeof setInterval> | undefined
  let beatAt = -Infinity
  const beat = (): void => {
    beatAt = clock()
    touch()
  }
  const waiting: (() => void)[] = []
  return {
    hold() {
      held += 1
      timer ??= setInterval(beat, BEAT_MS)
      // What comes by a direct channel is no event that would keep the worker.
      if (clock() - beatAt >= FRESH_MS) beat()
      let released = false
      return () => {
        if (released) return
        released = true
        held -= 1
        if (held > 0) return
        clearInterval(timer)
        timer = undefined
        for (const resolve of waiting.splice(0)) resolve()
      }
    },
    whenFree() {
      if (held === 0) return Promise.resolve()
      return new Promise((resolve) => {
        waiting.push(resolve)
      })
    },
  }
}
