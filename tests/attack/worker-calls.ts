/** Calls from workers of a page, which no content script reaches. */

export const WORKER_KINDS = ['worker', 'shared worker', 'service worker'] as const
export type WorkerKind = (typeof WORKER_KINDS)[number]

/** To be served at `/worker.js`, for each kind: makes one call and answers with its status, or what was thrown. */
export const WORKER = {
  contentType: 'text/javascript',
  body: `
const answer = async (port, [url, init]) => {
  try { port.postMessage((await fetch(url, init)).status) } catch (error) { port.postMessage(String(error)) }
}
onmessage = ({ data, ports: [port] }) => answer(port ?? self, data)
onconnect = ({ ports: [port] }) => { port.onmessage = ({ data }) => answer(port, data) }
oninstall = () => skipWaiting()
onactivate = (event) => event.waitUntil(clients.claim())`,
}

/** Runs in the page: has a worker of that kind make the call. */
export async function callFromWorker(
  kind: WorkerKind,
  call: readonly [url: string, init: object],
): Promise<unknown> {
  const { port1, port2 } = new MessageChannel()
  const answerAt = (port: { onmessage: unknown }): Promise<unknown> =>
    new Promise((resolve) => {
      port.onmessage = ({ data }: MessageEvent<unknown>) => {
        resolve(data)
      }
    })
  if (kind === 'service worker') {
    await navigator.serviceWorker.register('/worker.js')
    const { active } = await navigator.serviceWorker.ready
    active?.postMessage(call, [port2])
    return answerAt(port1)
  }
  const worker = kind === 'worker' ? new Worker('/worker.js') : new SharedWorker('/worker.js')
  const port = 'port' in worker ? worker.port : worker
  port.postMessage(call)
  return answerAt(port)
}
