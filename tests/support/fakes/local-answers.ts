import { isJsonObject, type JsonObject, type ProviderId } from '@valetkey/wallet/protocol'
import { answerElsewhere, type LocalRequest } from './more-answers.ts'

/** The models the fakes list. */
const MODELS = {
  openai: ['gpt-5-mini', 'gpt-5', 'gpt-4o-mini', 'text-embedding-3-small'],
  anthropic: ['claude-sonnet-4-5', 'claude-haiku-4-5'],
  google: ['gemini-2.5-flash', 'gemini-2.5-pro', 'gemini-embedding-001'],
  groq: ['openai/gpt-oss-20b', 'openai/gpt-oss-120b'],
} as const

const FIRST_FOUR: Readonly<
  Partial<Record<ProviderId, (request: LocalRequest) => JsonObject | null>>
> = {
  openai: (request) => openAiModels('/v1/models', 'openai', request),
  groq: (request) => openAiModels('/openai/v1/models', 'groq', request),
  anthropic: answerAnthropic,
  google: answerGoogle,
}

/** Answers what aimock does not: model lists, token counts, Gemini embeddings. Null: not one of these. */
export function answerLocally(provider: ProviderId, request: LocalRequest): JsonObject | null {
  const answer = FIRST_FOUR[provider]
  return answer ? answer(request) : answerElsewhere(provider, request)
}

function openAiModels(
  base: string,
  provider: 'openai' | 'groq',
  { method, path }: LocalRequest,
): JsonObject | null {
  if (method !== 'GET') return null
  const models = MODELS[provider].map((id) => ({
    id,
    object: 'model',
    created: 1_754_073_306,
    owned_by: 'system',
  }))
  if (path === base) return { object: 'list', data: models }
  return models.find(({ id }) => path === `${base}/${id}`) ?? null
}

function answerAnthropic({ method, path, inputTokens }: LocalRequest): JsonObject | null {
  if (method === 'POST' && path === '/v1/messages/count_tokens') {
    return { input_tokens: inputTokens }
  }
  if (method !== 'GET' || path !== '/v1/models') return null
  const models = MODELS.anthropic.map((id) => ({
    type: 'model',
    id,
    display_name: id,
    created_at: '2025-09-29T00:00:00Z',
  }))
  return {
    data: models,
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  }
}

function answerGoogle({ method, path, body, inputTokens }: LocalRequest): JsonObject | null {
  const rest = /^\/v1(?:beta|alpha)?\/models(.*)$/.exec(path)?.[1]
  if (rest === undefined) return null
  const models = MODELS.google.map((id) => ({
    name: `models/${id}`,
    version: '001',
    displayName: id,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  }))
  if (method === 'GET') {
    if (rest === '') return { models }
    return models.find(({ name }) => `/${name}` === `/models${rest}`) ?? null
  }
  if (rest.endsWith(':countTokens')) {
    return {
      totalTokens: inputTokens,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
    }
  }
  const values = [0.018, -0.007, 0.029, 0.011]
  if (rest.endsWith(':embedContent')) return { embedding: { values } }
  if (!rest.endsWith(':batchEmbedContents')) return null
  const requests = isJsonObject(body) && Array.isArray(body['requests']) ? body['requests'] : []
  return { embeddings: requests.map(() => ({ values })) }
}
