/**
 * The frame in a server's page of OAuth. It is told the id of a request, hands it to the background and shows
 * one sentence where nobody answers: there is nothing in it to press.
 */
import type { AuthorizeReply } from '@valetkey/wallet/protocol'

const FRAGMENT = /^#authorize=([\w-]{43})$/

/** The id of the request this frame was opened for; null: it is an app's. */
export function requestIdIn(fragment: string): string | null {
  return FRAGMENT.exec(fragment)?.[1] ?? null
}

/** Asks once the person looks at the page: a tab in the background is not answered (C55). */
export function startAuthorizing(requestId: string): void {
  if (document.visibilityState === 'visible') {
    ask(requestId)
    return
  }
  document.addEventListener(
    'visibilitychange',
    () => {
      ask(requestId)
    },
    { once: true },
  )
}

function ask(requestId: string): void {
  const port = chrome.runtime.connect({ name: 'authorize' })
  port.onMessage.addListener(({ text }: AuthorizeReply) => {
    show(text)
  })
  port.onDisconnect.addListener(() => chrome.runtime.lastError)
  port.postMessage({ requestId })
  addEventListener('pagehide', () => {
    port.disconnect()
  })
}

/** By the object model: the policy of our documents takes no style in the text. */
function show(text: string): void {
  const { documentElement: root, body } = document
  root.style.colorScheme = 'light dark'
  Object.assign(body.style, { margin: '0', font: '15px/22px system-ui, sans-serif' })
  const sentence = document.createElement('p')
  sentence.style.margin = '0'
  sentence.setAttribute('role', 'status')
  sentence.textContent = text
  body.replaceChildren(sentence)
}
