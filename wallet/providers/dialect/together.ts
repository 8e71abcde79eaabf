import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const together = createDialectProvider({
  id: 'together',
  name: 'Together AI',
  hosts: ['api.together.xyz', 'api.together.ai'],
  base: '/v1/',
  endpoints: [
    'models',
    'chat',
    'completions',
    'embeddings',
    'rerank',
    'images',
    'speech',
    'transcriptions',
    'translations',
  ],
  denied: [
    ...denyBelow('/v1/organization', '/v1/organisation', '/v1/organizations', '/v1/whoami'),
    ...denyBelow('/v1/dashboard', '/v1/billing', '/v1/usage', '/v1/api-keys'),
    ...denyBelow('/v1/files', '/v1/uploads', '/v1/batches', '/v1/fine-tunes', '/v1/fine_tunes'),
    ...denyBelow('/v1/fine-tuning', '/v1/fine_tuning', '/v1/endpoints', '/v1/clusters'),
    ...denyBelow('/v1/evaluation', '/v1/code-interpreter', '/tci', '/v1/videos', '/v1/realtime'),
  ],
  keyPatterns: KEY_PATTERNS.together,
  envNames: ['TOGETHER_API_KEY', 'TOGETHER_AI_API_KEY'],
  valetKeyShapes: ['tgp-v1-43'],
  keyCheck: { method: 'GET', path: '/v1/models' },
  keyPageUrl: 'https://api.together.ai/settings/api-keys',
  models: [
    'meta-llama/Llama-3.3-70B-Instruct-Turbo',
    'meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8',
    'meta-llama/Llama-4-Scout-17B-16E-Instruct',
    'deepseek-ai/DeepSeek-V3.1',
    'Qwen/Qwen3-235B-A22B-Instruct-2507-tput',
    'openai/gpt-oss-120b',
    'openai/gpt-oss-20b',
    'moonshotai/Kimi-K2-Instruct-0905',
  ],
})
