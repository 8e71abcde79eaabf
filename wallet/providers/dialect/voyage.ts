import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { judgeByEmptyRequest } from '../formats/key-check.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const voyage = createDialectProvider({
  id: 'voyage',
  name: 'Voyage AI',
  hosts: ['api.voyageai.com'],
  base: '/v1/',
  endpoints: [
    'embeddings',
    {
      kind: 'embeddings',
      name: 'embeddings.multimodal',
      path: /^\/v1\/(?:multimodal|contextualized)embeddings$/,
    },
    'rerank',
  ],
  denied: denyBelow('/v1/files', '/v1/batches'),
  keyPatterns: KEY_PATTERNS.voyage,
  envNames: ['VOYAGE_API_KEY'],
  valetKeyShapes: ['pa-43'],
  keyCheck: { method: 'POST', path: '/v1/embeddings' },
  judgeKeyCheck: judgeByEmptyRequest,
  keyPageUrl: 'https://dashboard.voyageai.com/organization/api-keys',
  models: ['voyage-4-large', 'voyage-4', 'voyage-4-lite', 'voyage-3.5', 'voyage-code-3'],
  errors: 'detail',
})
