/**
 * Stands for bridge and wallet in the page of the conformance cases: makes each call by the browser's own
 * `fetch`, taken before the shim came, without a rule of its own. A classic script, so that it runs first.
 */
{
  const ownFetch = window.fetch.bind(window)
  const calls = new Map<string, AbortController>()

  /** As the page protocol has it; what is not looked at is left out. */
  interface Start {
    readonly callId: string
    readonly method: string
    readonly url: string
    readonly headers: [string, string][]
    readonly body: Body
  }
  type Field = { name: string } & ({ text: string } | { blob: Blob; filename: string })
  type Body =
    | { kind: 'none' }
    | { kind: 'text'; text: string }
    | { kind: 'bytes'; bytes: Uint8Array<ArrayBuffer> }
    | { kind: 'blob'; blob: Blob }
    | { kind: 'form'; fields: Field[] }
  type Message =
    | { type: 'hello' | 'status' }
    | { type: 'connect'; callId: string }
    | ({ type: 'call.start' } & Start)
    | { type: 'call.credit' | 'call.abort'; callId: string }

  const log = { starts: 0, aborts: 0, passed: 0 }
  Object.assign(window, { wallet: log })

  window.addEventListener('valetkey:port', serve)
  window.addEventListener('valetkey:app', serve)

  /** Takes the port of the shim, or of an app of the SDK, which is connected as soon as it asks. */
  function serve(event: Event): void {
    const [port] = (event as MessageEvent).ports
    if (!port) return
    event.preventDefault()
    port.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.type === 'hello') port.postMessage({ type: 'ready', version: 1, site: 'on' })
      else if (data.type === 'connect') {
        port.postMessage({ type: 'connected', callId: data.callId, grant: { id: 'g' } })
      } else if (data.type === 'call.start') void forward(data, port)
      else if (data.type === 'call.abort') stop(data.callId)
    }
  }

  function stop(callId: string): void {
    log.aborts += 1
    calls.get(callId)?.abort()
  }

  async function forward(start: Start, port: MessagePort): Promise<void> {
    const { callId, method, url, headers } = start
    log.starts += 1
    if (headers.some(([name]) => name === 'x-pass')) {
      log.passed += 1
      port.postMessage({ type: 'call.pass', callId })
      return
    }
    const abort = new AbortController()
    calls.set(callId, abort)
    try {
      const body = bodyOf(start.body)
      const own =
        start.body.kind === 'form' ? headers.filter(([name]) => name !== 'content-type') : headers
      const init = { method, headers: own, body, redirect: 'error', signal: abort.signal } as const
      const reply = await ownFetch(url, init)
      const { status, statusText } = reply
      port.postMessage({
        type: 'call.head',
        callId,
        status,
        statusText,
        headers: [...reply.headers],
        url,
      })
      const reader = reply.body?.getReader()
      for (;;) {
        const part = await reader?.read()
        if (!part || part.done) break
        port.postMessage({ type: 'call.chunk', callId, bytes: part.value })
      }
      port.postMessage({ type: 'call.end', callId })
    } catch {
      const rest = { message: 'It could not be reached.', retryable: true, requestId: callId }
      port.postMessage({ type: 'call.error', callId, code: 'provider.network', ...rest })
    }
  }

  function bodyOf(body: Body): BodyInit | null {
    switch (body.kind) {
      case 'none':
        return null
      case 'text':
        return body.text
      case 'bytes':
        return body.bytes
      case 'blob':
        return body.blob
      case 'form': {
        const form = new FormData()
        for (const field of body.fields) {
          if ('text' in field) form.append(field.name, field.text)
          else form.append(field.name, field.blob, field.filename)
        }
        return form
      }
    }
  }
}
