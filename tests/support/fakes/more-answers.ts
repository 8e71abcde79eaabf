/** What the providers beside the first four answer where aimock does not. */
import { providerById } from '@valetkey/wallet/providers'
import type { JsonObject, ProviderId } from '@valetkey/wallet/protocol'

export interface LocalRequest {
  readonly method: string
  /** Path without its query. */
  readonly path: string
  readonly body: JsonObject | null
  readonly inputTokens: number
}

type Answer = (request: LocalRequest) => JsonObject | null

const PREDICTION = 'gm3qorzdhgbfurvjtvhg6dckhu'

/** By provider: account pages a key is tested at, and shapes of their own. */
const OWN: Readonly<Partial<Record<ProviderId, Answer>>> = {
  openrouter: ({ path }) =>
    path === '/api/v1/key' ? { data: { label: 'sk-or-v1-abc...def', is_free_tier: false } } : null,
  xai: ({ path }) => (path === '/v1/api-key' ? { acls: ['api-key:model:*'] } : null),
  huggingface: ({ path }) => (path === '/api/whoami-v2' ? { type: 'user', name: 'fake' } : null),
  elevenlabs: ({ path }) => (path === '/v1/user' ? { user_id: 'fake' } : null),
  deepgram: ({ path }) => (path === '/v1/projects' ? { projects: [] } : null),
  stability: ({ path }) => (path === '/v1/user/balance' ? { credits: 1 } : null),
  ollama: ({ path }) => (path === '/api/tags' ? { models: [{ name: 'llama3.2' }] } : null),
  cohere: answerCohere,
  replicate: answerReplicate,
}

/** Null: not one of these. */
export function answerElsewhere(provider: ProviderId, request: LocalRequest): JsonObject | null {
  return OWN[provider]?.(request) ?? answerModels(provider, request)
}

function answerModels(provider: ProviderId, { method, path }: LocalRequest): JsonObject | null {
  const listed = /^(.*)\/models(?:\/(.+))?$/.exec(path)
  if (method !== 'GET' || !listed) return null
  const models = providerById(provider).models.map((id) => ({
    ...{ id, object: 'model', created: 1_754_073_306, owned_by: provider },
  }))
  if (listed[2] === undefined) return { object: 'list', data: models }
  return models.find(({ id }) => id === listed[2]) ?? null
}

function answerCohere({ method, path, inputTokens }: LocalRequest): JsonObject | null {
  if (method === 'GET' && path === '/v1/models') {
    return { models: [{ name: 'command-a-03-2025', endpoints: ['chat'] }] }
  }
  if (path === '/v1/tokenize') return { tokens: [1, 2], token_strings: ['a', 'b'] }
  const billed = { billed_units: { input_tokens: inputTokens } }
  if (!path.endsWith('/embed')) return null
  return {
    ...{ id: 'fake', texts: ['hi'], response_type: 'embeddings_by_type' },
    embeddings: { float: [[0.018, -0.007, 0.029, 0.011]] },
    meta: { api_version: { version: '2' }, ...billed },
  }
}

function answerReplicate({ method, path, body }: LocalRequest): JsonObject | null {
  if (path === '/v1/account') return { type: 'user', username: 'fake' }
  const owner = /^\/v1\/(?:models|deployments)\/([^/]+\/[^/]+)/.exec(path)?.[1]
  if (method === 'GET' && owner !== undefined) {
    return { owner: owner.split('/')[0] ?? '', name: owner.split('/')[1] ?? '' }
  }
  if (!path.includes('/predictions')) return null
  return {
    ...{ id: PREDICTION, status: 'succeeded', error: null, logs: '', model: owner ?? 'fake/model' },
    input: body?.['input'] ?? {},
    output: ['The valet parks the car.'],
    ...{ version: 'fake', created_at: '2026-11-20T00:00:00.000Z' },
    ...{ started_at: '2026-11-20T00:00:00.000Z', completed_at: '2026-11-20T00:00:01.000Z' },
    metrics: { predict_time: 1.2 },
    urls: {
      get: `https://api.replicate.com/v1/predictions/${PREDICTION}`,
      cancel: `https://api.replicate.com/v1/predictions/${PREDICTION}/cancel`,
    },
  }
}
