import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const mistral = createDialectProvider({
  id: 'mistral',
  name: 'Mistral',
  hosts: ['api.mistral.ai'],
  base: '/v1/',
  forwardHeaders: ['x-mistral-user-agent'],
  endpoints: [
    'models',
    'chat',
    { kind: 'completions', name: 'fim.completions', path: /^\/v1\/fim\/completions$/ },
    'embeddings',
    'moderations',
    { kind: 'moderations', name: 'chat.moderations', path: /^\/v1\/chat\/moderations$/ },
    'transcriptions',
    'speech',
  ],
  denied: [
    ...denyBelow('/v1/files', '/v1/fine_tuning', '/v1/batch', '/v1/agents', '/v1/conversations'),
    ...denyBelow('/v1/libraries', '/v1/observability', '/v1/workflows'),
    // A minted token would be spent unmetered; sockets are no HTTP endpoint.
    ...denyBelow('/v1/client', '/v1/audio/transcriptions/realtime', '/v1/audio/voices'),
    // Pages have no price by the token.
    ...denyBelow('/v1/ocr'),
    { method: 'DELETE', path: /^\/v1\/models\/.+$/ },
  ],
  // An unknown member is an error there, and the last chunk always has the usage.
  habits: { limitName: 'max_tokens', reportsUnasked: true },
  keyPatterns: KEY_PATTERNS.mistral,
  envNames: ['MISTRAL_API_KEY'],
  valetKeyShapes: ['alnum-32'],
  keyCheck: { method: 'GET', path: '/v1/models' },
  keyPageUrl: 'https://console.mistral.ai/api-keys',
  models: [
    'mistral-large-latest',
    'mistral-medium-latest',
    'mistral-small-latest',
    'magistral-medium-latest',
    'devstral-2512',
    'codestral-latest',
    'ministral-8b-latest',
    'pixtral-12b',
    'mistral-embed',
  ],
  errors: 'mistral',
})
