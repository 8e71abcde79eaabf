/** The hidden frame of the extension: the door of an app that asked for no permission. */

/** The published extension: the public half of its key fixes its id. */
const EXTENSION_ORIGIN = 'chrome-extension://hmjelihcdpmajcfggccbhlmlmcmfjmpp'
const FRAME_URL = `${EXTENSION_ORIGIN}/frame.html`
/** What the frame knows a port by. */
const GREETING = 'valetkey:connect'
/** A frame of ours answers within milliseconds of its load; the rest is for a machine that is busy. */
const ANSWER_WAIT_MS = 1_000

let loading: Promise<HTMLIFrameElement> | null = null
let loaded: HTMLIFrameElement | null = null

/** The frame of this page, made by this copy of the package or another; null: none that answered. */
export function frameInUse(): HTMLIFrameElement | null {
  return loaded?.isConnected ? loaded : null
}

/** Goes on with the frame another copy of this package made. */
export function shareFrame(frame: HTMLIFrameElement): void {
  if (!frameInUse()) loaded = frame
}

/** A port to the wallet; null: no extension answers. The frame is loaded once for a page. */
export async function openThroughFrame(): Promise<MessagePort | null> {
  const known = frameInUse()
  if (known) return greet(known)
  loading ??= loadFrame()
  const frame = await loading
  const port = await greet(frame)
  loading = null
  if (port) loaded = frame
  else frame.remove()
  return port
}

function loadFrame(): Promise<HTMLIFrameElement> {
  const frame = document.createElement('iframe')
  frame.src = FRAME_URL
  frame.style.display = 'none'
  return new Promise((resolve) => {
    frame.onload = () => {
      resolve(frame)
    }
    document.documentElement.append(frame)
  })
}

/** Where nobody is installed, the browser shows its own error page in the frame: it answers nothing. */
function greet(frame: HTMLIFrameElement): Promise<MessagePort | null> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    const answer = (isOurs: boolean): void => {
      clearTimeout(timer)
      port1.onmessage = null
      resolve(isOurs ? port1 : null)
    }
    const timer = setTimeout(answer, ANSWER_WAIT_MS, false)
    port1.onmessage = ({ data }: MessageEvent<{ type: string }>) => {
      answer(data.type === 'accepted')
    }
    // To whoever stands there: it carries nothing, and who answers it has no more than this page has.
    frame.contentWindow?.postMessage(GREETING, '*', [port2])
  })
}
