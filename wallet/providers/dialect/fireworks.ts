import { TEXT_KINDS } from '../formats/dialect-kinds.ts'
import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { readPathImageFacts } from '../formats/media.ts'
import { createSilentReader } from '../formats/token-counts.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const fireworks = createDialectProvider({
  id: 'fireworks',
  name: 'Fireworks AI',
  hosts: ['api.fireworks.ai'],
  base: '/inference/v1/',
  forwardHeaders: ['http-referer', 'x-title', 'x-session-affinity'],
  endpoints: [
    ...TEXT_KINDS,
    'rerank',
    {
      kind: 'images',
      path: /^\/inference\/v1\/(?:image_generation|workflows)\/[A-Za-z0-9._/-]+$/,
      facts: readPathImageFacts,
      usage: createSilentReader,
    },
  ],
  denied: [
    ...denyBelow('/v1', '/inference/v1/files', '/inference/v1/batch', '/inference/v1/batches'),
    { path: /^\/inference\/v1\/responses\/.+$/ },
  ],
  keyPatterns: KEY_PATTERNS.fireworks,
  envNames: ['FIREWORKS_API_KEY', 'FIREWORKS_AI_API_KEY'],
  valetKeyShapes: ['fw-24'],
  keyCheck: { method: 'GET', path: '/inference/v1/models' },
  keyPageUrl: 'https://app.fireworks.ai/settings/users/api-keys',
  models: [
    'accounts/fireworks/models/kimi-k3',
    'accounts/fireworks/models/deepseek-v4-pro',
    'accounts/fireworks/models/deepseek-v4-flash',
    'accounts/fireworks/models/glm-5p2',
    'accounts/fireworks/models/gpt-oss-120b',
    'accounts/fireworks/models/gpt-oss-20b',
    'accounts/fireworks/models/minimax-m3',
    'accounts/fireworks/models/qwen3p7-plus',
  ],
})
