/** A server on loopback that answers as a ValetKey server does, and keeps what it was asked. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toWire, WalletError, type ErrorCode } from '@valetkey/wallet/protocol'
import { createServerToken } from '@valetkey/wallet/sync'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

type Answer = (reply: ServerResponse, asked: Asked) => void

export class LoopbackServer {
  readonly asked: Asked[] = []
  /** One for each request; the last one for all that come after it. */
  answers: Answer[] = []
  readonly #http = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const asked = { method, path: url, headers, body: Buffer.concat(parts).toString() }
      this.asked.push(asked)
      const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0]
      if (answer) answer(reply, asked)
      else reply.end()
    })
  })

  async open(): Promise<this> {
    this.#http.listen(0, '127.0.0.1')
    await once(this.#http, 'listening')
    return this
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${String((this.#http.address() as AddressInfo).port)}`
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections()
    this.#http.close()
    await once(this.#http, 'close')
  }
}

export const json =
  (body: unknown, status = 200): Answer =>
  (reply) => {
    reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

export const data = (of: unknown): Answer => json({ success: true, data: of })

/** As the relay refuses: `x-should-retry` unless it says that nothing was sent. */
export const refuses = (code: ErrorCode, { safe = false, retryAfterMs = 0 } = {}): Answer => {
  const error =
    code === 'request.rate_limited'
      ? new WalletError(code, { retryAfterMs })
      : new WalletError(code)
  return (reply) => {
    reply.writeHead(error.status, {
      ...{ 'content-type': 'application/json', 'x-valetkey-error': code },
      ...(safe ? {} : { 'x-should-retry': 'false' }),
    })
    reply.end(JSON.stringify({ success: false, error: toWire(error, 'req-1') }))
  }
}

/** As a stream of events; `null` breaks the connection there. */
export const events =
  (...parts: readonly (object | string | null)[]): Answer =>
  (reply) => {
    reply.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const part of parts) {
      if (part === null) {
        // What was written has to be on its way before the connection goes.
        reply.write(': \n\n', () => reply.destroy())
        return
      }
      reply.write(`data: ${typeof part === 'string' ? part : JSON.stringify(part)}\n\n`)
    }
    reply.end()
  }

export const hangsUp: Answer = (reply) => {
  reply.destroy()
}

export const newToken = (kind: 'at' | 'cs' = 'at'): string =>
  createServerToken(kind, (size) => crypto.getRandomValues(new Uint8Array(size))).text
