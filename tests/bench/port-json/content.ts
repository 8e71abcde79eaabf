/** Content script of the stand-in: a runtime port for each call, its messages passed on as they come. */
import type { Answered, Asked } from './messages.ts'

addEventListener('message', ({ source, data, ports: [page] }: MessageEvent<Partial<Asked>>) => {
  if (source !== window || data.type !== 'ask' || !page) return
  const port = chrome.runtime.connect({ name: 'call' })
  port.onMessage.addListener((message: Answered) => {
    page.postMessage(message)
    if (message.type === 'end' || message.type === 'error') port.disconnect()
  })
  port.postMessage(data)
})
