import { createDialectProvider } from '../formats/dialect.ts'
import { prepareLimit } from '../formats/dialect-kinds.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { readRerankFacts } from '../formats/media.ts'
import { createFreeReader, createSilentReader } from '../formats/token-counts.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'
import { readCohereChatFacts, readCohereEmbedFacts } from './facts.ts'
import { createCohereUsageReader } from './usage.ts'

/** Its own shapes in two versions, and OpenAI's dialect below `/compatibility`. */
export const cohere = createDialectProvider({
  id: 'cohere',
  name: 'Cohere',
  hosts: ['api.cohere.com', 'api.cohere.ai'],
  base: '/compatibility/v1/',
  forwardHeaders: ['x-client-name', 'x-fern-*'],
  endpoints: [
    'chat',
    'embeddings',
    { kind: 'models', path: /^\/v1\/models(?:\/[A-Za-z0-9._:-]+)?$/ },
    {
      ...{ kind: 'completions', name: 'own.chat', path: /^\/v[12]\/chat$/ },
      ...{ facts: readCohereChatFacts, usage: createCohereUsageReader },
      prepare: prepareLimit,
    },
    {
      ...{ kind: 'embeddings', name: 'own.embed', path: /^\/v[12]\/embed$/ },
      ...{ facts: readCohereEmbedFacts, usage: createCohereUsageReader },
    },
    { kind: 'rerank', path: /^\/v[12]\/rerank$/, facts: readRerankFacts },
    {
      ...{ kind: 'moderations', name: 'classify', path: /^\/v1\/classify$/ },
      usage: createSilentReader,
    },
    {
      ...{ kind: 'moderations', name: 'tokenize', path: /^\/v1\/(?:de)?tokenize$/ },
      ...{ capability: 'tokens', usage: createFreeReader },
    },
    { kind: 'transcriptions', path: /^\/v2\/audio\/transcriptions$/, usage: createSilentReader },
  ],
  denied: [
    ...denyBelow('/v1/check-api-key', '/v1/datasets', '/v1/embed-jobs', '/v1/finetuning'),
    ...denyBelow('/v1/connectors', '/v1/batches', '/v2/batches', '/v1/conversations'),
  ],
  habits: {
    caps: [
      { model: /^command-r/, tokens: 4096 },
      { model: /^command/, tokens: 8192 },
    ],
  },
  // No mark of its own: any forty letters and digits.
  keyPatterns: KEY_PATTERNS.cohere,
  envNames: ['COHERE_API_KEY', 'CO_API_KEY'],
  valetKeyShapes: ['alnum-40'],
  keyCheck: { method: 'GET', path: '/v1/models' },
  keyPageUrl: 'https://dashboard.cohere.com/api-keys',
  models: [
    'command-a-03-2025',
    'command-a-reasoning-08-2025',
    'command-r-plus-08-2024',
    'command-r-08-2024',
    'command-r7b-12-2024',
    'embed-v4.0',
  ],
  errors: 'cohere',
})
