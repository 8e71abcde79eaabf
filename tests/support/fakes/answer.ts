import {
  isJsonObject,
  parseJson,
  type JsonObject,
  type JsonValue,
  type ProviderId,
} from '@valetkey/wallet/protocol'
import type { FrontRequest } from '../tls-front.ts'
import { echoText, type Behaviour, type UsageCounts } from './behaviour.ts'
import type { Emulator, EmulatorReply } from './emulator.ts'
import { formatOf } from './enrich.ts'
import { answerLocally } from './local-answers.ts'
import type { ProviderRules } from './provider-rules.ts'
import type { OutgoingReply } from './reply-writer.ts'
import { readEvents, writeEvent } from './wire-format.ts'

/** An authenticated request, and how to answer it. */
export interface Question {
  readonly rules: ProviderRules
  readonly request: FrontRequest
  /** The key it carried. */
  readonly key: string
  readonly behaviour: Behaviour
  /** What the model says where the behaviour does not say. */
  readonly says: (prompt: string) => string
}

/** The provider's answer to an authenticated request, without CORS headers. */
export async function answerQuestion(
  question: Question,
  emulator: Emulator,
): Promise<OutgoingReply> {
  const { rules, request, behaviour } = question
  const scripted = scriptedReply(question)
  if (scripted) return scripted
  const path = pathOf(request)
  const body = request.body.length > 0 ? parseJson(request.body.toString('utf8')) : null
  if (body === undefined && isJson(request)) return jsonReply(400, rules.errorBody(400))
  const fault = faultOf(rules.id, path, request, isJsonObject(body) ? body : {})
  if (fault) return jsonReply(400, rules.errorBody(400, fault))
  const usage = countUsage(question, isJsonObject(body) ? body : {})
  const local = answerLocally(rules.id, {
    method: request.method,
    path,
    body: isJsonObject(body) ? body : null,
    inputTokens: usage.input,
  })
  if (local) return jsonReply(200, local)
  const emulatorPath = emulatorPathOf(rules.id, request.method, path)
  if (emulatorPath === null) {
    return jsonReply(404, rules.errorBody(404, `Unknown request URL: ${request.method} ${path}.`))
  }
  const reply = await emulator.ask(
    {
      method: request.method,
      path: emulatorPath,
      body: request.body,
      contentType: request.headers['content-type'] ?? 'application/json',
    },
    textOf(question, isJsonObject(body) ? body : {}),
    behaviour.echo === undefined,
  )
  return enriched(question, reply, isJsonObject(body) ? body : {}, usage)
}

/** A JSON reply in one write. */
export function jsonReply(status: number, body: object): OutgoingReply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    writes: [Buffer.from(JSON.stringify(body))],
  }
}

function scriptedReply({ rules, behaviour, key }: Question): OutgoingReply | null {
  const { status, redirectTo, echo } = behaviour
  if (redirectTo !== undefined) {
    return { status: status ?? 307, headers: { location: redirectTo }, writes: [] }
  }
  if (behaviour.body !== undefined) {
    return {
      status: status ?? 200,
      headers: { 'content-type': behaviour.contentType ?? 'application/json' },
      writes: [Buffer.from(behaviour.body)],
    }
  }
  if (behaviour.bodySizeBytes !== undefined)
    return largeReply(status ?? 200, behaviour.bodySizeBytes)
  if (status === undefined || status < 400) return null
  if (echo?.place === 'error') {
    const message = `Incorrect API key provided: ${echoText(echo.form, key)}.`
    return jsonReply(status, rules.errorBody(status, message))
  }
  if (status === 401) return refusal(rules, key)
  return jsonReply(status, rules.errorBody(status, behaviour.message))
}

function refusal(rules: ProviderRules, key: string): OutgoingReply {
  const { status, body } = rules.refuseKey(key)
  return jsonReply(status, body)
}

function largeReply(status: number, sizeBytes: number): OutgoingReply {
  const write = Buffer.alloc(64 * 1024, 'x')
  const count = Math.max(0, Math.ceil((sizeBytes - 4) / write.length))
  const writes = [
    Buffer.from('{"'),
    ...Array.from({ length: count }, () => write),
    Buffer.from('":1}'),
  ]
  return { status, headers: { 'content-type': 'application/json' }, writes }
}

/** What the real APIs demand of a request beyond a key. */
function faultOf(
  provider: ProviderId,
  path: string,
  request: FrontRequest,
  body: JsonObject,
): string | null {
  if (request.method !== 'POST') return null
  if (provider !== 'anthropic') {
    // What a key check sends where nothing free asks for a key.
    return Object.keys(body).length === 0 && isJson(request) && request.body.length > 0
      ? 'model: Field required'
      : null
  }
  if (!request.headers['anthropic-version']) return 'anthropic-version: header is required'
  if (path !== '/v1/messages') return null
  if (typeof body['max_tokens'] !== 'number') return 'max_tokens: Field required'
  return Array.isArray(body['messages']) ? null : 'messages: Field required'
}

function emulatorPathOf(provider: ProviderId, method: string, path: string): string | null {
  if (method !== 'POST') return null
  return (FIRST_FOUR[provider] ?? dialectPathOf)(path)
}

const FIRST_FOUR: Readonly<Partial<Record<ProviderId, (path: string) => string | null>>> = {
  openai: (path) =>
    /^\/v1\/(chat\/completions|responses|embeddings|moderations|images\/generations|audio\/speech)$/.test(
      path,
    )
      ? path
      : null,
  anthropic: (path) => (path === '/v1/messages' ? path : null),
  groq: (path) =>
    /^\/openai\/v1\/(chat\/completions|responses|embeddings)$/.test(path)
      ? path.slice('/openai'.length)
      : null,
  google(path) {
    if (path === '/v1beta/openai/chat/completions') return '/v1/chat/completions'
    const rest = /^\/v1(?:beta|alpha)?(\/models\/[^/:]+:(?:generate|streamGenerate)Content)$/.exec(
      path,
    )
    return rest ? `/v1beta${rest[1] ?? ''}` : null
  },
}

/** Copies keep the names below their own base. */
function dialectPathOf(path: string): string | null {
  if (/^\/v2\/(?:chat|rerank)$/.test(path)) return path
  const name =
    /\/(chat\/completions|responses|completions|messages|embeddings|moderations|images\/generations|audio\/speech)$/
  const found = name.exec(path)
  return found ? `/v1/${found[1] ?? ''}` : null
}

function textOf({ behaviour, key, says }: Question, body: JsonObject): string {
  const text = behaviour.text ?? says(lastPrompt(body))
  if (behaviour.echo?.place !== 'text') return text
  return `${text} Your key is ${echoText(behaviour.echo.form, key)}, is it not?`
}

/** Rough counts where the test gives none: four characters a token. */
function countUsage(question: Question, body: JsonObject): UsageCounts {
  const scripted = question.behaviour.usage
  return {
    input: Math.ceil(JSON.stringify(body).length / 4),
    cachedInput: 0,
    cacheWriteInput: 0,
    output: Math.ceil(textOf(question, body).length / 4),
    reasoning: 0,
    ...(scripted === 'none' ? {} : scripted),
  }
}

function enriched(
  { rules, request, behaviour }: Question,
  reply: EmulatorReply,
  body: JsonObject,
  counted: UsageCounts,
): OutgoingReply {
  const path = pathOf(request)
  const format = formatOf(rules.host, path)
  const enrichment = { usage: behaviour.usage === 'none' ? null : counted, request: body }
  if (!reply.contentType.startsWith('text/event-stream')) {
    const json = parseJson(reply.text)
    if (!format || !isJsonObject(json) || reply.status !== 200) {
      return {
        status: reply.status,
        headers: { 'content-type': reply.contentType },
        writes: [Buffer.from(reply.text)],
      }
    }
    return jsonReply(200, format.body(json, enrichment))
  }
  const events = readEvents(reply.text)
  const complete = format
    ? events.flatMap((event, index) => format.event(event, enrichment, index))
    : events
  if (rules.id === 'google' && !request.path.includes('alt=sse')) {
    const parts = complete.map(({ data }) => JSON.stringify(data))
    return {
      status: 200,
      headers: { 'content-type': 'application/json; charset=UTF-8' },
      writes: parts.map((part, index) =>
        Buffer.from(
          `${index === 0 ? '[' : ',\r\n'}${part}${index === parts.length - 1 ? ']' : ''}`,
        ),
      ),
    }
  }
  const lineEnd = rules.id === 'google' ? '\r\n' : '\n'
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    writes: complete.map((event) => Buffer.from(writeEvent(event, lineEnd))),
  }
}

/** The last text a person wrote, in any of the wire formats. */
function lastPrompt(body: JsonObject): string {
  if (typeof body['input'] === 'string') return body['input']
  const turns = [body['messages'], body['input'], body['contents']].find(isList) ?? []
  const last = turns.at(-1)
  if (!isJsonObject(last)) return ''
  if (typeof last['content'] === 'string') return last['content']
  const parts = [last['content'], last['parts']].find(isList) ?? []
  return parts
    .map((part) => (isJsonObject(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join(' ')
}

function pathOf(request: FrontRequest): string {
  return request.path.split('?')[0] ?? ''
}

function isJson(request: FrontRequest): boolean {
  return (request.headers['content-type'] ?? 'application/json').includes('json')
}

function isList(value: JsonValue | undefined): value is JsonValue[] {
  return Array.isArray(value)
}
