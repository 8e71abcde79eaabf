/** The bridge's end of the channels the shim (`extension/shim/channel.ts`) and the SDK (`sdk/src/way.ts`) offer. */

const OFFERS = [
  ['page', 'valetkey:port'],
  ['app', 'valetkey:app'],
] as const
const ANNOUNCEMENT = 'valetkey:bridge'

/**
 * Calls `take` with each port that is offered, whichever of the two came first.
 * @param target the window: the one thing both worlds share
 */
export function takePagePorts(
  target: EventTarget,
  take: (name: 'page' | 'app', port: MessagePort) => void,
): void {
  for (const [name, offer] of OFFERS) {
    target.addEventListener(offer, (event) => {
      const port = event instanceof MessageEvent ? event.ports[0] : undefined
      if (!port) return
      // Tells who offered it that this port is in use.
      event.preventDefault()
      take(name, port)
    })
  }
  target.dispatchEvent(new Event(ANNOUNCEMENT))
}
