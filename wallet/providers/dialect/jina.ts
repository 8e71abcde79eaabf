import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { judgeByEmptyRequest } from '../formats/key-check.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const jina = createDialectProvider({
  id: 'jina',
  name: 'Jina AI',
  hosts: ['api.jina.ai'],
  base: '/v1/',
  endpoints: ['embeddings', 'rerank'],
  denied: denyBelow('/v1/batches', '/v1/batch', '/v1/classify', '/v1/train'),
  keyPatterns: KEY_PATTERNS.jina,
  envNames: ['JINA_API_KEY'],
  valetKeyShapes: ['jina-60'],
  keyCheck: { method: 'POST', path: '/v1/embeddings' },
  judgeKeyCheck: judgeByEmptyRequest,
  keyPageUrl: 'https://jina.ai/api-dashboard/key-manager',
  models: ['jina-embeddings-v4', 'jina-embeddings-v3', 'jina-reranker-v3'],
  errors: 'detail',
})
