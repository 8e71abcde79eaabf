/** The bridge's end of the channels the page's scripts offer: ours (`extension/shim`) and the SDK's. */

const OFFERS = [
  ['shim', 'valetkey:port'],
  ['sockets', 'valetkey:sockets'],
  ['app', 'valetkey:app'],
] as const
/** Who offers a port. */
export type Offerer = (typeof OFFERS)[number][0]
const ANNOUNCEMENT = 'valetkey:bridge'

/**
 * Calls `take` with each port that is offered, whoever came first.
 * @param target the window: the one thing both worlds share
 */
export function takePagePorts(
  target: EventTarget,
  take: (offerer: Offerer, port: MessagePort) => void,
): void {
  for (const [offerer, offer] of OFFERS) {
    target.addEventListener(offer, (event) => {
      const port = event instanceof MessageEvent ? event.ports[0] : undefined
      if (!port) return
      // Tells who offered it that this port is in use.
      event.preventDefault()
      take(offerer, port)
    })
  }
  target.dispatchEvent(new Event(ANNOUNCEMENT))
}
