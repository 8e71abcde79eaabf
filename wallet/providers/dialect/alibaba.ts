import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const alibaba = createDialectProvider({
  id: 'alibaba',
  name: 'Alibaba (Qwen)',
  hosts: ['dashscope-intl.aliyuncs.com', 'dashscope.aliyuncs.com'],
  base: '/compatible-mode/v1/',
  // Not x-dashscope-workspace: C33, an app must not choose who pays.
  endpoints: ['models', 'chat', 'embeddings'],
  denied: [
    ...denyBelow('/compatible-mode/v1/files', '/compatible-mode/v1/batches'),
    ...denyBelow('/compatible-mode/v1/fine-tuning', '/compatible-mode/v1/fine_tuning', '/api'),
  ],
  // The same form as DeepSeek's.
  keyPatterns: KEY_PATTERNS.alibaba,
  envNames: ['DASHSCOPE_API_KEY', 'QWEN_API_KEY'],
  valetKeyShapes: ['sk-hex-32'],
  keyCheck: { method: 'GET', path: '/compatible-mode/v1/models' },
  keyPageUrl: 'https://bailian.console.alibabacloud.com/?apiKey=1#/api-key',
  models: ['qwen3-max', 'qwen-plus', 'qwen-flash', 'qwen3-coder-plus', 'qwen3-vl-plus'],
})
