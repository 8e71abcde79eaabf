import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

/**
 * The router passes on to other providers, named before the path or after the model (`model:provider`).
 * Their own paths below it (`/hf-inference/models/…`, `/fal-ai/…`) are billed by time and are no endpoint.
 */
export const huggingface = createDialectProvider({
  id: 'huggingface',
  name: 'Hugging Face',
  hosts: ['router.huggingface.co'],
  base: '/v1/',
  // Not x-hf-bill-to: C33, an app must not choose who pays.
  endpoints: [
    'models',
    'responses',
    { kind: 'chat', path: /^\/(?:[a-z0-9-]+\/)?v1\/chat\/completions$/ },
    { kind: 'completions', path: /^\/[a-z0-9-]+\/v1\/completions$/ },
    { kind: 'embeddings', path: /^\/[a-z0-9-]+\/v1\/embeddings$/ },
    { kind: 'images', path: /^\/[a-z0-9-]+\/v1\/images\/generations$/ },
  ],
  denied: [...denyBelow('/api', '/v1/files'), { path: /^\/(?:[a-z0-9-]+\/)?v1\/responses\/.+$/ }],
  keyPatterns: KEY_PATTERNS.huggingface,
  envNames: ['HF_TOKEN', 'HUGGINGFACE_API_KEY', 'HUGGING_FACE_HUB_TOKEN'],
  valetKeyShapes: ['hf-34'],
  keyCheck: { method: 'GET', path: '/api/whoami-v2', host: 'huggingface.co' },
  keyPageUrl: 'https://huggingface.co/settings/tokens',
  models: [
    'openai/gpt-oss-120b',
    'openai/gpt-oss-20b',
    'moonshotai/Kimi-K2-Instruct-0905',
    'deepseek-ai/DeepSeek-V3.1',
    'meta-llama/Llama-3.3-70B-Instruct',
    'Qwen/Qwen3-32B',
  ],
})
