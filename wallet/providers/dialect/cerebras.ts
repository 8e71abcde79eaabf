import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const cerebras = createDialectProvider({
  id: 'cerebras',
  name: 'Cerebras',
  hosts: ['api.cerebras.ai'],
  base: '/v1/',
  forwardHeaders: ['x-cerebras-*'],
  endpoints: ['models', 'chat', 'completions'],
  denied: [
    ...denyBelow('/v1/organization', '/v1/organizations', '/v1/dashboard', '/v1/billing'),
    ...denyBelow('/v1/usage', '/v1/files', '/v1/uploads', '/v1/batches', '/v1/fine-tuning'),
    ...denyBelow('/v1/fine_tuning'),
  ],
  habits: { limitName: 'max_completion_tokens' },
  keyPatterns: KEY_PATTERNS.cerebras,
  envNames: ['CEREBRAS_API_KEY'],
  valetKeyShapes: ['csk-48'],
  keyCheck: { method: 'GET', path: '/v1/models' },
  keyPageUrl: 'https://cloud.cerebras.ai',
  models: [
    'gpt-oss-120b',
    'zai-glm-4.7',
    'gemma-4-31b',
    'qwen-3-32b',
    'llama-3.3-70b',
    'llama3.1-8b',
  ],
})
