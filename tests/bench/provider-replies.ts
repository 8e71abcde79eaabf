/** What the bench's provider answers: shapes of OpenAI's API, in sizes a request names in `user`. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { acceptWebSocket, refuseWebSocket } from '../support/web-socket-server.ts'

/** A request body longer than this is swallowed, not read: it is an upload. */
const PLAN_LIMIT_BYTES = 64 * 1024
const WRITE_BYTES = 64 * 1024
const PREFLIGHT = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': '*, authorization',
  'access-control-max-age': '7200',
}
const DONE = 'data: [DONE]\n\n'
const USAGE = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 }

/** Unix ms with fractions, by a clock that never jumps. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now()
}

/** Answers as a provider that knows one key. */
export function createProvider(
  providerKey: string,
): (request: IncomingMessage, reply: ServerResponse) => Promise<void> {
  const streams = new Map<number, Buffer>()
  return async (request, reply) => {
    if (request.method === 'OPTIONS') {
      reply.writeHead(204, PREFLIGHT)
      reply.end()
      return
    }
    const body = await readBody(request)
    if (request.headers.authorization !== `Bearer ${providerKey}`) {
      sendJson(reply, 401, '{"error":{"message":"no such key"}}')
      return
    }
    const [kind = 'short', size = '0', gapMs = '0'] = planOf(body)
    switch (kind) {
      case 'stream':
        await sendStream(reply, streamOf(streams, Number(size)))
        return
      case 'tokens':
        await sendTokens(reply, Number(size), Number(gapMs))
        return
      case 'vectors':
        sendJson(reply, 200, vectorsOf(Number(size)))
        return
      case 'first':
        await sendTokens(reply, 3, 0)
        return
      default:
        sendJson(reply, 200, SHORT_REPLY)
    }
  }
}

/** Sends each frame back; the key comes as a header, or from a page among the names of protocols. */
export function echoFrames(providerKey: string): (request: IncomingMessage, line: Duplex) => void {
  return (request, line) => {
    const { authorization = '', 'sec-websocket-protocol': protocols = '' } = request.headers
    if (!`${authorization} ${protocols}`.includes(providerKey)) {
      refuseWebSocket(line, 401)
      return
    }
    const socket = acceptWebSocket(request, line, 'realtime', {
      onFrame: (frame) => {
        socket.send(frame)
      },
      onEnd: () => undefined,
    })
  }
}

const SHORT_REPLY = JSON.stringify({
  id: 'bench',
  object: 'chat.completion',
  model: 'gpt-4o-mini',
  text: 'The valet parks the car.',
  data: [],
  choices: [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }],
  usage: USAGE,
})

/** The body of a small request; null of an upload, which is only swallowed. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length // no encoding is set on it
    if (size <= PLAN_LIMIT_BYTES) parts.push(part as Buffer)
  }
  return size > PLAN_LIMIT_BYTES ? null : Buffer.concat(parts).toString('utf8')
}

function planOf(body: string | null): readonly string[] {
  const user = /"user":"([^"]*)"/.exec(body ?? '')?.[1]
  return user === undefined ? [] : user.split(' ')
}

function sendJson(reply: ServerResponse, status: number, text: string): void {
  reply.writeHead(status, { ...PREFLIGHT, 'content-type': 'application/json' })
  reply.end(text)
}

function startEvents(reply: ServerResponse): void {
  reply.writeHead(200, { ...PREFLIGHT, 'content-type': 'text/event-stream; charset=utf-8' })
}

/** Every byte as fast as the client takes it. */
async function sendStream(reply: ServerResponse, stream: Buffer): Promise<void> {
  startEvents(reply)
  for (let at = 0; at < stream.length; at += WRITE_BYTES) {
    if (!reply.write(stream.subarray(at, at + WRITE_BYTES))) await once(reply, 'drain')
  }
  reply.end()
}

/** Each token says when it was sent. */
async function sendTokens(reply: ServerResponse, count: number, gapMs: number): Promise<void> {
  startEvents(reply)
  for (let index = 0; index < count; index++) {
    if (gapMs > 0) await sleep(gapMs)
    reply.write(chunkEvent(`t=${preciseNow().toFixed(3)};`))
  }
  reply.end(usageEvent() + DONE)
}

function streamOf(streams: Map<number, Buffer>, sizeBytes: number): Buffer {
  const known = streams.get(sizeBytes)
  if (known) return known
  const event = chunkEvent(' car')
  const end = usageEvent() + DONE
  const count = Math.ceil((sizeBytes - end.length) / event.length)
  const stream = Buffer.from(event.repeat(count) + end)
  streams.set(sizeBytes, stream)
  return stream
}

/** A token as OpenAI sends it where usage was asked for. */
function chunkEvent(content: string): string {
  const chunk = {
    id: 'chatcmpl-C0ffee0ffee0ffee0ffee0ffee00',
    object: 'chat.completion.chunk',
    created: 1_795_000_000,
    model: 'gpt-4o-mini-2024-07-18',
    service_tier: 'default',
    system_fingerprint: 'fp_0123456789',
    choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
    usage: null,
    obfuscation: 'q8Zt',
  }
  return `data: ${JSON.stringify(chunk)}\n\n`
}

function usageEvent(): string {
  const chunk = { id: 'bench', object: 'chat.completion.chunk', choices: [], usage: USAGE }
  return `data: ${JSON.stringify(chunk)}\n\n`
}

/** A reply to a large batch of embeddings. */
function vectorsOf(sizeBytes: number): string {
  const vector = `{"object":"embedding","index":0,"embedding":[${'-0.012345678,'.repeat(1535)}0.5]}`
  const count = Math.max(1, Math.floor(sizeBytes / (vector.length + 1)))
  const all = Array.from({ length: count }, () => vector).join(',')
  const usage = '{"prompt_tokens":9,"total_tokens":9}'
  return `{"object":"list","data":[${all}],"model":"text-embedding-3-small","usage":${usage}}`
}
