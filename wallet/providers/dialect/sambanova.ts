import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { judgeByEmptyRequest } from '../formats/key-check.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const sambanova = createDialectProvider({
  id: 'sambanova',
  name: 'SambaNova',
  hosts: ['api.sambanova.ai'],
  base: '/v1/',
  endpoints: ['models', 'chat', 'embeddings', 'transcriptions', 'translations'],
  denied: [
    ...denyBelow('/v1/organization', '/v1/organizations', '/v1/dashboard', '/v1/billing'),
    ...denyBelow('/v1/usage', '/v1/files', '/v1/uploads', '/v1/batches', '/v1/fine-tuning'),
    ...denyBelow('/v1/fine_tuning'),
  ],
  keyPatterns: KEY_PATTERNS.sambanova,
  envNames: ['SAMBANOVA_API_KEY'],
  valetKeyShapes: ['uuid'],
  // Its list of models is public and would answer any key.
  keyCheck: { method: 'POST', path: '/v1/chat/completions' },
  judgeKeyCheck: judgeByEmptyRequest,
  keyPageUrl: 'https://cloud.sambanova.ai/apis',
  models: ['DeepSeek-V3.1', 'Meta-Llama-3.3-70B-Instruct', 'gpt-oss-120b', 'Qwen3-32B'],
})
