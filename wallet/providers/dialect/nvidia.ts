import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { judgeByEmptyRequest } from '../formats/key-check.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const nvidia = createDialectProvider({
  id: 'nvidia',
  name: 'NVIDIA',
  hosts: ['integrate.api.nvidia.com'],
  base: '/v1/',
  endpoints: ['models', 'chat', 'completions', 'embeddings'],
  denied: [
    ...denyBelow('/v1/organization', '/v1/organizations', '/v1/dashboard', '/v1/billing'),
    ...denyBelow('/v1/usage', '/v1/files', '/v1/uploads', '/v1/batches', '/v1/fine-tuning'),
    ...denyBelow('/v1/fine_tuning', '/v1/nvcf', '/v2', '/v3'),
  ],
  keyPatterns: KEY_PATTERNS.nvidia,
  envNames: ['NVIDIA_API_KEY', 'NGC_API_KEY'],
  valetKeyShapes: ['nvapi-64'],
  keyCheck: { method: 'POST', path: '/v1/chat/completions' },
  judgeKeyCheck: judgeByEmptyRequest,
  keyPageUrl: 'https://build.nvidia.com/settings/api-keys',
  models: [
    'nvidia/llama-3.3-nemotron-super-49b-v1.5',
    'meta/llama-3.3-70b-instruct',
    'openai/gpt-oss-120b',
  ],
  errors: 'problem',
})
