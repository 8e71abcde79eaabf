import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { createFreeReader } from '../formats/token-counts.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const moonshot = createDialectProvider({
  id: 'moonshot',
  name: 'Moonshot',
  hosts: ['api.moonshot.ai', 'api.moonshot.cn'],
  base: '/v1/',
  endpoints: [
    'models',
    'chat',
    { kind: 'messages', path: /^\/anthropic\/v1\/messages$/ },
    {
      kind: 'chat',
      name: 'estimate-token-count',
      path: /^\/v1\/tokenizers\/estimate-token-count$/,
      capability: 'tokens',
      usage: createFreeReader,
    },
  ],
  denied: denyBelow('/v1/files', '/v1/batches', '/v1/users', '/v1/caching'),
  habits: { caps: [{ model: /^moonshot-v1-8k/, tokens: 4096 }] },
  keyPatterns: KEY_PATTERNS.moonshot,
  envNames: ['MOONSHOT_API_KEY', 'KIMI_API_KEY'],
  valetKeyShapes: ['sk-48'],
  keyCheck: { method: 'GET', path: '/v1/models' },
  keyPageUrl: 'https://platform.kimi.ai/console/api-keys',
  models: [
    'kimi-k3',
    'kimi-k2.7-code',
    'kimi-k2.6',
    'kimi-k2.5',
    'kimi-k2-thinking',
    'kimi-k2-0905-preview',
    'moonshot-v1-128k',
    'moonshot-v1-32k',
    'moonshot-v1-8k',
  ],
})
