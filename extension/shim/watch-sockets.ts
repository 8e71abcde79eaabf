import { valetKeyWithin } from '@valetkey/wallet/protocol/valet-key'
import type { Channel } from './channel.ts'
import { construct, stringify } from './natives.ts'
import { wrapSocket, type SocketClass } from './wrap-socket.ts'

/**
 * Tells of sockets that carry a valet key, and opens each as the page asked: what a site may talk live
 * has a script of its own, which most sites need not load.
 */
export function watchSockets(scope: { WebSocket: SocketClass }, channel: Channel): void {
  wrapSocket(scope, (native, args, newTarget) => {
    const valetKey = valetKeyWithin(textIn(args))
    if (valetKey !== null) channel.tellStray(args[0], valetKey)
    return construct(native, args, newTarget)
  })
}

/** The address and the protocols, wherever they stand. */
function textIn(args: unknown): string {
  try {
    return stringify(args)
  } catch {
    // What has no text is the browser's to refuse.
    return ''
  }
}
