/** Runs in a page: `fetch` by the stand-in's port, a `Response` whose body is encoded again from its pieces. */
import type { Answered, Asked } from '../port-json/messages.ts'

export function fetchByPort(url: string, init: RequestInit): Promise<Response> {
  const { port1, port2 } = new MessageChannel()
  const asked: Asked = {
    ...{ type: 'ask', id: crypto.randomUUID(), url, method: init.method ?? 'GET' },
    headers: Object.fromEntries(new Headers(init.headers)),
    body: typeof init.body === 'string' ? init.body : null,
  }
  const encoder = new TextEncoder()
  return new Promise((resolve, reject) => {
    let body: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | null = null
    port1.onmessage = ({ data }: MessageEvent<Answered>) => {
      switch (data.type) {
        case 'head': {
          const { status, statusText, headers } = data
          const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
            start: (controller) => {
              body = controller
            },
          })
          resolve(new Response(stream, { status, statusText, headers }))
          return
        }
        case 'piece':
          body?.enqueue(encoder.encode(data.text))
          return
        case 'end':
          body?.close()
          port1.close()
          return
        case 'error':
          reject(new TypeError(data.message))
      }
    }
    window.postMessage(asked, location.origin, [port2])
  })
}
