import { Channel } from './channel.ts'
import { defineProperty } from './natives.ts'
import { patchFetch } from './patch-fetch.ts'
import { mayHoldGrant } from './may-hold-grant.ts'
import { patchXhr } from './patch-xhr.ts'
import { watchSockets } from './watch-sockets.ts'

/** Says that a shim is here already. A page that sets it goes without ValetKey: its own loss. */
const MARK = Symbol.for('valetkey.shim')

/** Patches the page. C49: a second injection changes nothing. */
export function startShim(): void {
  if (MARK in globalThis || !mayHoldGrant(globalThis.origin)) return
  defineProperty(globalThis, MARK, { value: true })
  const channel = new Channel(window)
  patchFetch(window, channel)
  patchXhr(XMLHttpRequest.prototype, channel)
  watchSockets(window, channel)
  // A frame that never calls keeps no port; the app itself most likely does call.
  if (window.top === window) channel.greet()
}
