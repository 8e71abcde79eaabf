import { entryOf, readFactsBy } from '../formats/endpoint-table.ts'
import type { Provider } from '../provider.ts'
import { GROQ_DENIED, GROQ_ENDPOINTS } from './endpoints.ts'
import { groqErrorBody, groqStreamError, judgeGroqKeyCheck } from './errors.ts'
import { GROQ_FACTS, prepareGroqBody } from './facts.ts'
import { GROQ_KEY_PATTERNS } from './keys.ts'
import { GROQ_USAGE } from './usage.ts'

export const groq: Provider = {
  id: 'groq',
  name: 'Groq',
  hosts: ['api.groq.com'],
  auth: { header: 'authorization', prefix: 'Bearer ' },
  forwardHeaders: ['groq-model-version'],
  requiredHeaders: {},
  endpoints: GROQ_ENDPOINTS,
  denied: GROQ_DENIED,
  keyPatterns: GROQ_KEY_PATTERNS,
  envNames: ['GROQ_API_KEY'],
  valetKeyShapes: ['gsk-52'],
  keyCheck: { method: 'GET', path: '/openai/v1/models' },
  keyPageUrl: 'https://console.groq.com/keys',
  models: [
    'openai/gpt-oss-120b',
    'openai/gpt-oss-20b',
    'moonshotai/kimi-k2-instruct-0905',
    'meta-llama/llama-4-maverick-17b-128e-instruct',
    'meta-llama/llama-4-scout-17b-16e-instruct',
    'qwen/qwen3-32b',
  ],
  inputMaxima: { imageTokens: 6400 },
  readFacts: (endpoint, url, body) => readFactsBy(GROQ_FACTS, endpoint, { url, body }),
  prepareBody: (endpoint, body, limits) => prepareGroqBody(endpoint, body, limits.maxOutputTokens),
  createUsageReader: (endpoint, sent) => entryOf(GROQ_USAGE, endpoint)(sent),
  judgeKeyCheck: judgeGroqKeyCheck,
  errorBody: groqErrorBody,
  streamError: groqStreamError,
}
