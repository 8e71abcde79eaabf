import { TEXT_KINDS } from '../formats/dialect-kinds.ts'
import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const lmstudio = createDialectProvider({
  id: 'lmstudio',
  name: 'LM Studio',
  hosts: [],
  places: 'any',
  base: '/v1/',
  endpoints: [
    ...TEXT_KINDS,
    { kind: 'models', name: 'own.models', path: /^\/api\/v[01]\/models$/ },
    { kind: 'chat', name: 'own.chat', path: /^\/api\/v[01]\/chat\/completions$/ },
  ],
  denied: [
    ...denyBelow('/api/v1/models/load', '/api/v1/models/unload', '/api/v1/models/download'),
    // Its own chat runs tools of the machine (`integrations`), which no body here tells apart.
    ...denyBelow('/api/v1/mcp', '/api/v1/plugins'),
    { path: /^\/api\/v[01]\/chat$/ },
    { path: /^\/v1\/responses\/.+$/ },
  ],
  keyPatterns: KEY_PATTERNS.lmstudio,
  envNames: ['LM_STUDIO_API_KEY', 'LMSTUDIO_API_KEY', 'LM_API_TOKEN'],
  valetKeyShapes: ['sk-48'],
  keyCheck: { method: 'GET', path: '/v1/models' },
  keyPageUrl: '',
  models: [],
})
