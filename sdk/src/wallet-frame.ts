/** The hidden frame of the extension: the door of an app that asked for no permission. */

/** The published extension: the public half of its key fixes its id. */
const EXTENSION_ORIGIN = 'chrome-extension://hmjelihcdpmajcfggccbhlmlmcmfjmpp'
const FRAME_URL = `${EXTENSION_ORIGIN}/frame.html`
/** What the frame is called once it has loaded: nothing else tells another copy of this package. */
const LOADED = 'ValetKey'
/** What the frame knows a port by. */
const GREETING = 'valetkey:connect'
/** A frame of ours answers within milliseconds of its load; the rest is for a machine that is busy. */
const ANSWER_WAIT_MS = 1_000

/** A port to the wallet; null: no extension answers. One frame serves the page and every copy of this package in it. */
export async function openThroughFrame(): Promise<MessagePort | null> {
  // Only Chromium has such addresses; elsewhere the frame would never load.
  if (!('userAgentData' in navigator)) return null
  const known = document.querySelector<HTMLIFrameElement>(`iframe[src="${FRAME_URL}"]`)
  const frame = known ?? addFrame()
  if (frame.title !== LOADED) {
    await new Promise((resolve) => {
      frame.addEventListener('load', resolve)
    })
    frame.title = LOADED
  }
  const port = await greet(frame)
  if (!port) frame.remove()
  return port
}

function addFrame(): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.src = FRAME_URL
  frame.style.display = 'none'
  document.documentElement.append(frame)
  return frame
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
