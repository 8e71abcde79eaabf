import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const zhipu = createDialectProvider({
  id: 'zhipu',
  name: 'Z.ai (Zhipu)',
  hosts: ['api.z.ai', 'open.bigmodel.cn'],
  base: '/api/paas/v4/',
  endpoints: [
    'models',
    { kind: 'chat', path: /^\/api\/(?:coding\/)?paas\/v4\/chat\/completions$/ },
    { kind: 'messages', path: /^\/api\/anthropic\/v1\/messages$/ },
    'embeddings',
    'images',
    'speech',
    'transcriptions',
  ],
  denied: [
    ...denyBelow('/api/paas/v4/files', '/api/paas/v4/batches', '/api/paas/v4/fine_tuning'),
    ...denyBelow('/api/paas/v4/knowledge', '/api/paas/v4/document', '/api/paas/v4/agents'),
    ...denyBelow('/api/paas/v4/videos', '/api/paas/v4/async', '/api/paas/v4/async-result'),
    ...denyBelow('/api/paas/v4/web_search', '/api/paas/v4/tools', '/api/biz', '/api/monitor'),
  ],
  keyPatterns: KEY_PATTERNS.zhipu,
  envNames: ['ZAI_API_KEY', 'ZHIPU_API_KEY', 'ZHIPUAI_API_KEY', 'BIGMODEL_API_KEY'],
  valetKeyShapes: ['hex-32-16'],
  keyCheck: { method: 'GET', path: '/api/paas/v4/models' },
  keyPageUrl: 'https://z.ai/manage-apikey/apikey-list',
  models: ['glm-5.3', 'glm-5.3-flash', 'glm-5.2', 'glm-4.7', 'glm-4.6'],
  errors: 'coded',
})
