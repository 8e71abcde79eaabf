import { entryOf, readFactsBy } from '../formats/endpoint-table.ts'
import type { Provider } from '../provider.ts'
import { GOOGLE_DENIED, GOOGLE_ENDPOINTS } from './endpoints.ts'
import { googleErrorBody, googleStreamError, judgeGoogleKeyCheck } from './errors.ts'
import { GOOGLE_FACTS, prepareGoogleBody } from './facts.ts'
import { GOOGLE_KEY_PATTERNS } from './keys.ts'
import { GOOGLE_SOCKETS } from './sockets.ts'
import { GOOGLE_USAGE } from './usage.ts'

export const google: Provider = {
  id: 'google',
  name: 'Google Gemini',
  hosts: ['generativelanguage.googleapis.com'],
  // Never `?key=`: a key in an address gets into logs.
  auth: { header: 'x-goog-api-key', prefix: '' },
  forwardHeaders: ['x-goog-api-client'],
  requiredHeaders: {},
  endpoints: GOOGLE_ENDPOINTS,
  sockets: GOOGLE_SOCKETS,
  denied: GOOGLE_DENIED,
  keyPatterns: GOOGLE_KEY_PATTERNS,
  envNames: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
  valetKeyShapes: ['AIzaSy-33', 'AQ-44'],
  keyCheck: { method: 'GET', path: '/v1beta/models?pageSize=1' },
  keyPageUrl: 'https://aistudio.google.com/apikey',
  models: [
    'gemini-3.8-flash',
    'gemini-3.7-flash',
    'gemini-3.6-flash',
    'gemini-3.5-flash',
    'gemini-3.5-flash-lite',
    'gemini-3.1-pro-preview',
    'gemini-3.1-flash-lite',
    'gemini-3-flash-preview',
    'gemini-2.5-pro',
    'gemini-2.5-flash',
    'gemini-2.5-flash-lite',
    'gemini-2.5-flash-image',
  ],
  // 16 tiles of 258 tokens.
  inputMaxima: { imageTokens: 4128 },
  readFacts: (endpoint, url, body) => readFactsBy(GOOGLE_FACTS, endpoint, { url, body }),
  prepareBody: (endpoint, body, limits) =>
    prepareGoogleBody(endpoint, body, limits.maxOutputTokens),
  createUsageReader: (endpoint, sent) => entryOf(GOOGLE_USAGE, endpoint)(sent),
  judgeKeyCheck: judgeGoogleKeyCheck,
  errorBody: googleErrorBody,
  streamError: googleStreamError,
}
