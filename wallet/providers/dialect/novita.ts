import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const novita = createDialectProvider({
  id: 'novita',
  name: 'Novita AI',
  hosts: ['api.novita.ai'],
  base: '/(?:v3/)?openai/(?:v1/)?',
  endpoints: ['models', 'chat', 'completions', 'embeddings'],
  denied: [
    ...denyBelow('/user', '/billing', '/gpu-instance', '/openapi', '/v3/user', '/v3/billing'),
    ...denyBelow('/v3/gpu-instance', '/v3/openapi'),
    // Pictures there are jobs that outlive the request.
    ...denyBelow('/v3/async'),
  ],
  keyPatterns: KEY_PATTERNS.novita,
  envNames: ['NOVITA_API_KEY'],
  valetKeyShapes: ['sk_43'],
  keyCheck: { method: 'GET', path: '/openai/v1/models' },
  keyPageUrl: 'https://novita.ai/settings/key-management',
  models: ['deepseek/deepseek-r1', 'deepseek/deepseek_v3', 'meta-llama/llama-3.3-70b-instruct'],
})
