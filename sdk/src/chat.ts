/** One chat format, OpenAI's chat completions, over every granted provider: the wallet translates. */
import { eventsOf } from './server-events.ts'
import type { ErrorCode, ValetKeyError } from './valet-key-error.ts'

/** One message of a talk, in OpenAI's format. */
export interface ChatMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool'
  readonly content?: unknown
  readonly [field: string]: unknown
}

/** The body of a chat completion, with the provider before the model: `anthropic/claude-sonnet-5`. */
export interface ChatRequest {
  readonly model: `${string}/${string}`
  readonly messages: readonly ChatMessage[]
  readonly stream?: boolean
  readonly [field: string]: unknown
}

interface ToolCall {
  readonly id: string
  readonly type: 'function'
  readonly function: { readonly name: string; readonly arguments: string }
}

interface Usage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
}

/** What is read of an answer; the rest of OpenAI's format is there, too. */
export interface ChatCompletion {
  readonly id: string
  readonly model: string
  readonly choices: readonly {
    readonly index: number
    readonly message: {
      readonly role: 'assistant'
      readonly content: string | null
      readonly tool_calls?: readonly ToolCall[]
    }
    readonly finish_reason: string | null
  }[]
  readonly usage?: Usage
}

/** A piece of a streamed answer. */
export interface ChatChunk {
  readonly id: string
  readonly model: string
  readonly choices: readonly {
    readonly index: number
    readonly delta: {
      readonly role?: 'assistant'
      readonly content?: string | null
      readonly tool_calls?: readonly (Partial<ToolCall> & { readonly index: number })[]
    }
    readonly finish_reason: string | null
  }[]
  readonly usage?: Usage | null
}

interface ChatOptions {
  readonly signal?: AbortSignal
}

/** Asks for an answer: whole, or in pieces as they come. */
export interface Chat {
  /** Streams the answer. @throws ValetKeyError as refused */
  (
    request: ChatRequest & { readonly stream: true },
    options?: ChatOptions,
  ): Promise<AsyncIterable<ChatChunk>>
  /** @throws ValetKeyError as refused; `provider.unavailable` with the provider's own status and message in `details` */
  (
    request: ChatRequest & { readonly stream?: false },
    options?: ChatOptions,
  ): Promise<ChatCompletion>
}

/** What a chat needs of its session; handed over, so that this file is loaded by itself. */
export interface ChatParts {
  readonly fetch: typeof globalThis.fetch
  readonly baseURL: string
  readonly createError: (
    code: ErrorCode,
    details: Readonly<Record<string, string | number>>,
    /** The wallet's own sentence, where the table of this package has none for the code. */
    said?: string,
  ) => ValetKeyError
}

export function createChat({ fetch, baseURL, createError }: ChatParts): Chat {
  const chat = async (request: ChatRequest, { signal }: ChatOptions = {}) => {
    const reply = await fetch(`${baseURL}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      ...(signal && { signal }),
    })
    if (!reply.ok) throw await errorOfReply(reply, createError)
    if (request.stream === true && reply.body) return readChunks(reply.body, createError)
    return (await reply.json()) as ChatCompletion
  }
  return chat as Chat
}

type CreateError = ChatParts['createError']

async function errorOfReply(reply: Response, createError: CreateError): Promise<ValetKeyError> {
  const { status } = reply
  const code = reply.headers.get('x-valetkey-error')
  const body = (await reply.json().catch(() => null)) as { error?: Failure } | null
  const message = shorten(body?.error?.message)
  if (code !== null) return createError(code as ErrorCode, { status }, sentence(message))
  return createError(PROVIDER_CODES[status] ?? 'provider.unavailable', { status, message })
}

interface Failure {
  readonly code?: unknown
  readonly message?: unknown
}

function shorten(message: unknown): string {
  return typeof message === 'string' ? message.slice(0, 500) : ''
}

/** The table says more than an empty one. */
function sentence(said: string): string | undefined {
  return said === '' ? undefined : said
}

const PROVIDER_CODES: Partial<Record<number, ErrorCode>> = {
  401: 'provider.unauthorized',
  429: 'provider.rate_limited',
}

/** The events of a stream, each a piece; an event that tells of an error ends it. */
async function* readChunks(
  body: ReadableStream<Uint8Array>,
  createError: CreateError,
): AsyncGenerator<ChatChunk> {
  for await (const data of eventsOf(body)) {
    const chunk = JSON.parse(data) as ChatChunk & { readonly error?: Failure }
    if (chunk.error) throw failureOf(chunk.error, createError)
    yield chunk
  }
}

/** Ours names one of our codes; a provider's own has whatever it likes there. */
function failureOf({ code, message }: Failure, createError: CreateError): ValetKeyError {
  const isOurs = typeof code === 'string' && /^[a-z]+\.[a-z_]+$/.test(code)
  const said = shorten(message)
  return isOurs
    ? createError(code as ErrorCode, {}, sentence(said))
    : createError('provider.unavailable', { message: said })
}
