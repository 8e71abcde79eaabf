/**
 * In the page's own world, on dashboards that show a whole key to their copy button alone: passes on what the
 * page itself writes to the clipboard. Nothing is read from the clipboard, and nothing decided here.
 */
import { COPIED } from './copied-event.ts'

const MARK = Symbol.for('valetkey.copies')

/** Taken before the page's first script (C45). */
const { apply } = Reflect
const { defineProperty, getOwnPropertyDescriptor } = Object
const NativeEvent = CustomEvent
const NativeProxy = Proxy

/** Listens to the page's calls of `clipboard.writeText`, which stay as they are in every other way. */
export function reportCopies(): void {
  if (MARK in globalThis || window.top !== window || typeof Clipboard === 'undefined') return
  defineProperty(globalThis, MARK, { value: true })
  const descriptor = getOwnPropertyDescriptor(Clipboard.prototype, 'writeText')
  const native = descriptor?.value as unknown
  if (!descriptor || typeof native !== 'function') return
  const tell = reporterOf(window)
  // A proxy is the native function to whoever asks: name, length, text, and how it fails on a wrong receiver.
  const watched = new NativeProxy(native, {
    apply(target, receiver: unknown, given: unknown[]) {
      const written: unknown = apply(target, receiver, given)
      // After the browser took the call, and only for a plain text: reading anything else could be seen.
      if (typeof given[0] === 'string') tell(given[0])
      return written
    },
  })
  defineProperty(Clipboard.prototype, 'writeText', { ...descriptor, value: watched })
}

function reporterOf(target: Window): (text: string) => void {
  const dispatch = target.dispatchEvent.bind(target)
  return (text) => {
    dispatch(new NativeEvent(COPIED, { detail: text }))
  }
}
