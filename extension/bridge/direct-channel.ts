/** A way to the worker past the browser's own process, through a frame of ours that soon is gone again. */

/** A page that forbids the frame, or a browser too busy to load it: calls go by the runtime port. */
const FRAME_WAIT_MS = 10_000

/** Where our own document is. */
export interface FrameAddress {
  /** Another one each time the browser starts. */
  readonly url: string
  /** That of the document it leads to. */
  readonly origin: string
}

export interface DirectChannel {
  /** What is posted waits in it until the worker takes its other end. */
  readonly port: Pick<MessagePort, 'postMessage' | 'close' | 'onmessage'>
  /** The frame has done its work, or never will. */
  readonly dismiss: () => void
}

/**
 * Leads a channel to the worker.
 * @param ticket from the worker, which knows by it whose channel this is
 */
export function openDirectChannel(ticket: string, { url, origin }: FrameAddress): DirectChannel {
  const { port1, port2 } = new MessageChannel()
  const frame = document.createElement('iframe')
  frame.style.display = 'none'
  frame.src = url
  // Whatever else stands in the frame by then: only a document of ours is handed the ticket.
  frame.addEventListener(
    'load',
    () => {
      frame.contentWindow?.postMessage(ticket, origin, [port2])
    },
    { once: true },
  )
  const dismiss = (): void => {
    clearTimeout(timer)
    frame.remove()
  }
  const timer = setTimeout(dismiss, FRAME_WAIT_MS)
  document.documentElement.append(frame)
  return { port: port1, dismiss }
}
