import { Channel } from './channel.ts'
import { defineProperty } from './natives.ts'
import { patchFetch } from './patch-fetch.ts'
import { patchWebSocket } from './patch-web-socket.ts'
import { patchXhr } from './patch-xhr.ts'

/** Says that a shim is here already. A page that sets it goes without ValetKey: its own loss. */
const MARK = Symbol.for('valetkey.shim')

/** Patches the page. C49: a second injection changes nothing. */
export function startShim(): void {
  if (MARK in globalThis || !mayHoldGrant(globalThis.origin)) return
  defineProperty(globalThis, MARK, { value: true })
  const channel = new Channel(window)
  patchFetch(window, channel)
  patchXhr(XMLHttpRequest.prototype, channel)
  patchWebSocket(window, channel)
  // A frame that never calls keeps no port; the app itself most likely does call.
  if (window.top === window) channel.greet()
}

/**
 * C6, C7: Chrome's match patterns also fit the host with a dot at its end, and sandboxed frames of the
 * site. No grant names those origins: their calls go out at once, not after a wait for an answer.
 */
function mayHoldGrant(origin: string): boolean {
  return origin !== 'null' && !/\.(?::\d+)?$/.test(origin)
}
