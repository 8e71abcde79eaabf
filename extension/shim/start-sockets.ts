import { Channel } from './channel.ts'
import { mayHoldGrant } from './may-hold-grant.ts'
import { defineProperty } from './natives.ts'
import { patchWebSocket } from './patch-web-socket.ts'

/** As the shim's own mark. */
const MARK = Symbol.for('valetkey.sockets')
/** Carries the port of this script to the bridge: it and the shim know nothing of one another. */
const OFFER = 'valetkey:sockets'

/** Opens the live sockets of a site that may talk live. C49: a second injection changes nothing. */
export function startSockets(): void {
  if (MARK in globalThis || !mayHoldGrant(globalThis.origin)) return
  defineProperty(globalThis, MARK, { value: true })
  patchWebSocket(window, new Channel(window, OFFER))
}
