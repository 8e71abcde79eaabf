/** A provider's reply, scrubbed and metered already, in OpenAI's form. */
import { WalletError, isJsonObject, parseJson, type JsonObject } from '../protocol/index.ts'
import {
  toOpenAiError,
  type ReplyTranslator,
  type StreamTranslator,
} from '../providers/translate/index.ts'
import type { CallReply } from './call.ts'
import { EventSplitter, eventPayload, eventsIn } from './event-stream.ts'
import { latin1Of } from './key-matcher.ts'
import { streamOf } from './refusal.ts'

type Reply = Extract<CallReply, { kind: 'response' }>

/** A whole reply longer than this is none a chat makes: it would be held in memory at once. */
const WHOLE_LIMIT_BYTES = 64 * 1024 * 1024

/**
 * @param replies how the provider's replies are read; null: they are OpenAI's, but for its refusals
 * @throws `provider.unavailable` for a reply that is none of the provider's form
 */
export async function translateReply(
  reply: CallReply,
  replies: ReplyTranslator | null,
): Promise<CallReply> {
  if (reply.kind !== 'response' || reply.isRefusal) return reply
  if (reply.status >= 400) {
    const said = reply.body ? await readWhole(reply.body) : ''
    return withJson(reply, toOpenAiError(reply.status, parseJson(said)))
  }
  if (!replies || !reply.body) return reply
  const contentType = reply.headers.find(([name]) => name === 'content-type')?.[1] ?? ''
  if (contentType.startsWith('text/event-stream')) {
    const body = translated(reply.body, replies.stream())
    return { ...reply, headers: headersOf(reply, 'text/event-stream; charset=utf-8'), body }
  }
  const whole = parseJson(await readWhole(reply.body))
  if (!isJsonObject(whole)) throw new WalletError('provider.unavailable')
  return withJson(reply, replies.whole(whole))
}

function withJson(reply: Reply, json: JsonObject): Reply {
  return {
    ...reply,
    headers: headersOf(reply, 'application/json'),
    body: streamOf(JSON.stringify(json)),
  }
}

/** OpenAI's clients look for the id of a request under their own name. */
function headersOf({ headers }: Reply, contentType: string): [string, string][] {
  const kept = headers.filter(([name]) => name !== 'content-type')
  const id = kept.find(([name]) => name === 'request-id')?.[1]
  const isNamed = kept.some(([name]) => name === 'x-request-id')
  return [
    ['content-type', contentType],
    ...kept,
    ...(id === undefined || isNamed ? [] : [['x-request-id', id] satisfies [string, string]]),
  ]
}

async function readWhole(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  const parts: string[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return parts.join('') + decoder.decode()
    size += value.length
    if (size > WHOLE_LIMIT_BYTES) {
      await reader.cancel()
      throw new WalletError('provider.unavailable')
    }
    parts.push(decoder.decode(value, { stream: true }))
  }
}

/** Pulls as the page pulls, and holds no more than the event that is still open. */
function translated(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  translator: StreamTranslator,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader()
  const splitter = new EventSplitter()
  const encoder = new TextEncoder()
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          for (;;) {
            const { done, value } = await reader.read()
            const text = done ? lastOf(splitter, translator) : saidBy(splitter, value, translator)
            if (text !== '') controller.enqueue(encoder.encode(text))
            if (done) controller.close()
            if (done || text !== '') return
          }
        } catch (cause) {
          controller.error(cause)
          await reader.cancel().catch(() => undefined)
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

function saidBy(
  splitter: EventSplitter,
  read: Uint8Array<ArrayBuffer>,
  translator: StreamTranslator,
): string {
  const { bytes, overflow } = splitter.push(read)
  if (overflow) throw new WalletError('provider.unavailable')
  return linesOf(bytes, translator)
}

/** A stream that broke off gets no `[DONE]`: it must not look like a whole answer. */
function lastOf(splitter: EventSplitter, translator: StreamTranslator): string {
  const open = linesOf(splitter.end(), translator)
  const last = translator.end()
  return last ? `${open}${last.map(lineOf).join('')}data: [DONE]\n\n` : open
}

function linesOf(bytes: Uint8Array<ArrayBuffer>, translator: StreamTranslator): string {
  let lines = ''
  for (const { start, end } of eventsIn(latin1Of(bytes))) {
    const event = parseJson(eventPayload(bytes.subarray(start, end)))
    if (isJsonObject(event)) for (const chunk of translator.event(event)) lines += lineOf(chunk)
  }
  return lines
}

function lineOf(chunk: JsonObject): string {
  return `data: ${JSON.stringify(chunk)}\n\n`
}
