import { createHash } from 'node:crypto'
import type { ProviderId } from '@valetkey/wallet/protocol'
import type { FrontRequest } from '../tls-front.ts'

/** What one provider's API enforces before it looks at a request (providers §1, §7). */
export interface ProviderRules {
  readonly id: ProviderId
  readonly host: string
  /** The key as this provider takes it; null where none was sent in a form it knows. */
  readKey(request: FrontRequest): string | null
  /** Headers a preflight may ask for; null: whatever it asks is reflected. */
  readonly preflightHeaders: readonly string[] | null
  /** Whether a reply with this status carries an allow-origin header. */
  showsReplyToPages(status: number): boolean
  /** The provider's own answer to no key (null) or a wrong one. */
  refuseKey(sent: string | null): ErrorReply
  /** The provider's own body for an error of the given status. */
  errorBody(status: number, message?: string): object
  /** Headers every reply carries. */
  replyHeaders(): Record<string, string>
}

interface ErrorReply {
  readonly status: number
  readonly body: object
}

const OPENAI_MESSAGES: Readonly<
  Record<number, readonly [type: string, code: string | null, text: string]>
> = {
  400: ['invalid_request_error', null, 'We could not parse the JSON body of your request.'],
  404: ['invalid_request_error', null, 'Invalid URL'],
  429: ['requests', 'rate_limit_exceeded', 'Rate limit reached. Please try again in 20s.'],
  500: [
    'server_error',
    null,
    'The server had an error while processing your request. Sorry about that!',
  ],
  503: ['server_error', null, 'The engine is currently overloaded, please try again later.'],
}

function openAiError(status: number, message?: string): object {
  const [type, code, text] = OPENAI_MESSAGES[status] ?? [
    'server_error',
    null,
    'Something went wrong.',
  ]
  return { error: { message: message ?? text, type, param: null, code } }
}

const openai: ProviderRules = {
  id: 'openai',
  host: 'api.openai.com',
  readKey: readBearer,
  preflightHeaders: null,
  // A page that calls with a wrong key sees an opaque TypeError (providers §1).
  showsReplyToPages: (status) => status !== 401,
  refuseKey(sent) {
    const message =
      sent === null
        ? "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys."
        : `Incorrect API key provided: ${sent.slice(0, 8)}${'*'.repeat(Math.max(3, sent.length - 12))}${sent.slice(-4)}. You can find your API key at https://platform.openai.com/account/api-keys.`
    return {
      status: 401,
      body: {
        error: {
          message,
          type: 'invalid_request_error',
          param: null,
          code: sent === null ? null : 'invalid_api_key',
        },
      },
    }
  },
  errorBody: openAiError,
  replyHeaders: () => ({
    'x-request-id': `req_${randomId(32)}`,
    'openai-version': '2020-10-01',
    'openai-organization': 'fake-org',
    'openai-processing-ms': '42',
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-remaining-requests': '9999',
    'set-cookie': '__cf_bm=fake; path=/; HttpOnly; Secure; SameSite=None',
  }),
}

const ANTHROPIC_TYPES: Readonly<Record<number, readonly [type: string, text: string]>> = {
  400: ['invalid_request_error', 'The request body is not valid JSON.'],
  401: ['authentication_error', 'invalid x-api-key'],
  404: ['not_found_error', 'Not Found'],
  429: [
    'rate_limit_error',
    "This request would exceed your account's rate limit. Please try again later.",
  ],
  500: ['api_error', 'Internal server error'],
  529: ['overloaded_error', 'Overloaded'],
}

function anthropicError(status: number, message?: string): object {
  const [type, text] = ANTHROPIC_TYPES[status] ?? ['api_error', 'Internal server error']
  return {
    type: 'error',
    error: { type, message: message ?? text },
    request_id: `req_011${randomId(21)}`,
  }
}

const anthropic: ProviderRules = {
  id: 'anthropic',
  host: 'api.anthropic.com',
  readKey: (request) => request.headers['x-api-key'] ?? readBearer(request),
  preflightHeaders: null,
  showsReplyToPages: () => true,
  refuseKey: (sent) => ({
    status: 401,
    body: anthropicError(401, sent === null ? 'x-api-key header is required' : 'invalid x-api-key'),
  }),
  errorBody: anthropicError,
  replyHeaders: () => ({
    'request-id': `req_011${randomId(21)}`,
    'anthropic-organization-id': 'f0000000-0000-4000-8000-000000000000',
    'anthropic-ratelimit-requests-limit': '50',
    'anthropic-ratelimit-requests-remaining': '49',
  }),
}

const GOOGLE_STATUS: Readonly<Record<number, readonly [status: string, text: string]>> = {
  400: ['INVALID_ARGUMENT', 'Invalid JSON payload received.'],
  404: ['NOT_FOUND', 'Requested entity was not found.'],
  429: [
    'RESOURCE_EXHAUSTED',
    'You exceeded your current quota, please check your plan and billing details.',
  ],
  500: ['INTERNAL', 'An internal error has occurred. Please retry.'],
  503: ['UNAVAILABLE', 'The model is overloaded. Please try again later.'],
}

function googleError(status: number, message?: string): object {
  const [name, text] = GOOGLE_STATUS[status] ?? ['UNKNOWN', 'Unknown error.']
  return { error: { code: status, message: message ?? text, status: name } }
}

const google: ProviderRules = {
  id: 'google',
  host: 'generativelanguage.googleapis.com',
  readKey: (request) =>
    request.headers['x-goog-api-key'] ??
    new URL(request.path, 'https://fake').searchParams.get('key') ??
    (request.path.startsWith('/v1beta/openai/') ? readBearer(request) : null),
  preflightHeaders: ['x-goog-api-key', 'x-goog-api-client', 'content-type'],
  showsReplyToPages: () => true,
  refuseKey: (sent) => (sent === null ? googleUnregistered() : googleInvalidKey()),
  errorBody: googleError,
  replyHeaders: () => ({
    server: 'scaffolding on HTTPServer2',
    'server-timing': 'gfet4t7; dur=42',
  }),
}

function googleUnregistered(): ErrorReply {
  const message =
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API."
  return { status: 403, body: { error: { code: 403, message, status: 'PERMISSION_DENIED' } } }
}

function googleInvalidKey(): ErrorReply {
  const message = 'API key not valid. Please pass a valid API key.'
  const details = [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'API_KEY_INVALID',
      domain: 'googleapis.com',
      metadata: { service: 'generativelanguage.googleapis.com' },
    },
    { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message },
  ]
  return {
    status: 400,
    body: { error: { code: 400, message, status: 'INVALID_ARGUMENT', details } },
  }
}

const groq: ProviderRules = {
  id: 'groq',
  host: 'api.groq.com',
  readKey: readBearer,
  preflightHeaders: null,
  showsReplyToPages: () => true,
  refuseKey: () => ({
    status: 401,
    body: {
      error: {
        message: 'Invalid API Key',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      },
    },
  }),
  errorBody: openAiError,
  replyHeaders: () => ({
    'x-request-id': `req_01${randomId(24)}`,
    'x-groq-region': 'fra',
    'x-ratelimit-limit-requests': '14400',
    'x-ratelimit-remaining-requests': '14399',
  }),
}

/** APIs that copy OpenAI's: the same forms, at most another place for the sentence. */
function dialect(
  id: ProviderId,
  host: string,
  shape: (status: number, message: string) => object = openAiError,
  readKey: ProviderRules['readKey'] = readBearer,
): ProviderRules {
  return {
    ...{ id, host, readKey, preflightHeaders: null },
    showsReplyToPages: () => true,
    refuseKey: () => ({ status: 401, body: shape(401, 'Invalid API key.') }),
    errorBody: (status, message) => shape(status, message ?? 'The request failed.'),
    replyHeaders: () => ({ 'x-request-id': `req_${randomId(24)}` }),
  }
}

const detail = (_status: number, message: string): object => ({ detail: message })

/** A resource of somebody’s own. */
const AZURE_HOST = 'valetkey-test.openai.azure.com'

const DIALECTS: readonly ProviderRules[] = [
  dialect('openrouter', 'openrouter.ai', (code, message) => ({ error: { code, message } })),
  dialect('mistral', 'api.mistral.ai', (status, message) => ({
    ...{ object: 'error', message, type: 'invalid_request_error', param: null, code: `${status}` },
  })),
  dialect('xai', 'api.x.ai', (status, error) => ({ code: `${status}`, error })),
  dialect('deepseek', 'api.deepseek.com'),
  dialect('together', 'api.together.xyz'),
  dialect('together', 'api.together.ai'),
  dialect('fireworks', 'api.fireworks.ai'),
  dialect('cohere', 'api.cohere.com', (_status, message) => ({ message })),
  dialect('cohere', 'api.cohere.ai', (_status, message) => ({ message })),
  dialect('perplexity', 'api.perplexity.ai'),
  dialect('cerebras', 'api.cerebras.ai'),
  dialect('huggingface', 'router.huggingface.co'),
  dialect('huggingface', 'huggingface.co', (_status, error) => ({ error })),
  dialect('replicate', 'api.replicate.com', (status, text) => ({
    ...{ title: 'Refused', detail: text, status, type: 'about:blank' },
  })),
  dialect('moonshot', 'api.moonshot.ai'),
  dialect('zhipu', 'api.z.ai', (code, message) => ({ error: { code: `${code}`, message } })),
  dialect('voyage', 'api.voyageai.com', detail),
  dialect('novita', 'api.novita.ai'),
  dialect('sambanova', 'api.sambanova.ai'),
  dialect('nvidia', 'integrate.api.nvidia.com', (status, text) => ({
    status,
    title: '',
    detail: text,
  })),
  dialect('minimax', 'api.minimax.io'),
  dialect('alibaba', 'dashscope-intl.aliyuncs.com'),
  dialect('jina', 'api.jina.ai', detail),
  dialect(
    'elevenlabs',
    'api.elevenlabs.io',
    detail,
    ({ headers }) => headers['xi-api-key'] ?? null,
  ),
  dialect('deepgram', 'api.deepgram.com', (_status, message) => ({ err_msg: message })),
  dialect('fal', 'fal.run', detail),
  dialect('fal', 'queue.fal.run', detail),
  dialect('fal', 'api.fal.ai', detail),
  dialect('stability', 'api.stability.ai', (_status, message) => ({ errors: [message] })),
  dialect('azure-openai', AZURE_HOST, undefined, ({ headers }) => headers['api-key'] ?? null),
  dialect('ollama', 'ollama.com', (_status, error) => ({ error })),
]

export const PROVIDER_RULES: readonly ProviderRules[] = [
  openai,
  anthropic,
  google,
  groq,
  ...DIALECTS,
]

/** An id in the style of the providers', different on every call, the same in every run. */
export function randomId(length: number): string {
  counter += 1
  return createHash('sha512').update(`id ${counter}`).digest('hex').slice(0, length)
}
let counter = 0

function readBearer(request: FrontRequest): string | null {
  const match = /^(?:Bearer|Token|Key)\s+(.+)$/i.exec(request.headers['authorization'] ?? '')
  return match?.[1]?.trim() ?? null
}
