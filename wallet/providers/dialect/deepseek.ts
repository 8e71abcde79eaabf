import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const deepseek = createDialectProvider({
  id: 'deepseek',
  name: 'DeepSeek',
  hosts: ['api.deepseek.com'],
  base: '/(?:v1/)?',
  endpoints: [
    'models',
    'chat',
    { kind: 'chat', name: 'beta.chat', path: /^\/beta\/(?:v1\/)?chat\/completions$/ },
    { kind: 'completions', name: 'beta.completions', path: /^\/beta\/(?:v1\/)?completions$/ },
    {
      kind: 'messages',
      path: /^\/anthropic\/v1\/messages$/,
      auth: { header: 'x-api-key', prefix: '' },
    },
  ],
  denied: denyBelow('/user', '/files', '/v1/files', '/batches', '/v1/batches'),
  habits: { caps: [{ model: /^deepseek-chat$/, tokens: 8192 }] },
  // The same form as Alibaba's.
  keyPatterns: KEY_PATTERNS.deepseek,
  envNames: ['DEEPSEEK_API_KEY'],
  valetKeyShapes: ['sk-hex-32', 'sk-48'],
  keyCheck: { method: 'GET', path: '/models' },
  keyPageUrl: 'https://platform.deepseek.com/api_keys',
  models: ['deepseek-v4-pro', 'deepseek-v4-flash', 'deepseek-chat', 'deepseek-reasoner'],
})
