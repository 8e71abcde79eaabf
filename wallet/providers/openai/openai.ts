import { entryOf, readFactsBy } from '../formats/endpoint-table.ts'
import type { Provider } from '../provider.ts'
import { OPENAI_DENIED, OPENAI_ENDPOINTS } from './endpoints.ts'
import { judgeOpenAiKeyCheck, openAiErrorBody, openAiStreamError } from './errors.ts'
import { OPENAI_FACTS, prepareOpenAiBody } from './facts.ts'
import { OPENAI_KEY_PATTERNS } from './keys.ts'
import { OPENAI_SOCKETS } from './sockets.ts'
import { OPENAI_USAGE } from './usage.ts'

export const openai: Provider = {
  id: 'openai',
  name: 'OpenAI',
  hosts: ['api.openai.com'],
  auth: { header: 'authorization', prefix: 'Bearer ' },
  // Not openai-organization and -project: C33, an app must not choose who pays.
  forwardHeaders: ['openai-beta'],
  requiredHeaders: {},
  endpoints: OPENAI_ENDPOINTS,
  sockets: OPENAI_SOCKETS,
  denied: OPENAI_DENIED,
  keyPatterns: OPENAI_KEY_PATTERNS,
  envNames: ['OPENAI_API_KEY'],
  valetKeyShapes: ['sk-48', 'sk-proj-156'],
  keyCheck: { method: 'GET', path: '/v1/models' },
  keyPageUrl: 'https://platform.openai.com/api-keys',
  models: [
    'gpt-6-sol',
    'gpt-6-luna',
    'gpt-6-astra',
    'gpt-5.6-sol',
    'gpt-5.6-terra',
    'gpt-5.6-luna',
    'gpt-5.5',
    'gpt-5.4',
    'gpt-5.4-mini',
    'gpt-5.4-nano',
    'gpt-4.1',
    'gpt-4o-mini',
  ],
  // 10,000 patches × 2.46 tokens; for gpt-4o-mini 2,833 + 8 tiles × 5,667.
  inputMaxima: {
    imageTokens: 24_600,
    dearerImages: [{ model: /gpt-4o-mini/, imageTokens: 48_169 }],
  },
  // 6,240 at the highest quality of the largest size, and 100 for each of three previews.
  outputMaxima: [
    { model: /^gpt-image-1(?:-mini|\.5)?(?:-\d{4}-\d{2}-\d{2})?$/, imageTokens: 6540 },
  ],
  readFacts: (endpoint, url, body) => readFactsBy(OPENAI_FACTS, endpoint, { url, body }),
  prepareBody: (endpoint, body, limits) =>
    prepareOpenAiBody(endpoint, body, limits.maxOutputTokens),
  createUsageReader: (endpoint, sent) => entryOf(OPENAI_USAGE, endpoint)(sent),
  judgeKeyCheck: judgeOpenAiKeyCheck,
  errorBody: openAiErrorBody,
  streamError: openAiStreamError,
}
