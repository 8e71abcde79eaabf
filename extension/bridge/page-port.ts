/** The bridge's end of the channel the shim offers (`extension/shim/channel.ts`). */

const OFFER = 'valetkey:port'
const ANNOUNCEMENT = 'valetkey:bridge'

/**
 * Calls `take` with each port the shim offers, whichever of the two came first.
 * @param target the window: the one thing both worlds share
 */
export function takePagePorts(target: EventTarget, take: (port: MessagePort) => void): void {
  target.addEventListener(OFFER, (event) => {
    const port = event instanceof MessageEvent ? event.ports[0] : undefined
    if (!port) return
    // Tells the shim that this port is in use.
    event.preventDefault()
    take(port)
  })
  target.dispatchEvent(new Event(ANNOUNCEMENT))
}
