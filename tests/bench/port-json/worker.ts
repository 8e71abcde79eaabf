/** Worker of the stand-in: makes the call, and says each piece of the answer as text in a message of JSON. */
import type { Answered, Asked } from './messages.ts'

chrome.runtime.onConnect.addListener((port) => {
  const say = (message: Answered): void => {
    port.postMessage(message)
  }
  port.onMessage.addListener((asked: Asked) => {
    answer(asked, say).catch((error: unknown) => {
      say({ type: 'error', id: asked.id, message: String(error) })
    })
  })
})

async function answer(
  { id, url, method, headers, body }: Asked,
  say: (message: Answered) => void,
): Promise<void> {
  const reply = await fetch(url, { method, headers, body })
  const { status, statusText } = reply
  say({ type: 'head', id, status, statusText, headers: Object.fromEntries(reply.headers) })
  const decoder = new TextDecoder()
  const reader = reply.body?.getReader()
  for (;;) {
    const part = await reader?.read()
    if (!part || part.done) break
    say({ type: 'piece', id, text: decoder.decode(part.value, { stream: true }) })
  }
  say({ type: 'end', id })
}
