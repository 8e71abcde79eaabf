import { entryOf, readFactsBy } from '../formats/endpoint-table.ts'
import type { Provider } from '../provider.ts'
import { ANTHROPIC_DENIED, ANTHROPIC_ENDPOINTS } from './endpoints.ts'
import { anthropicErrorBody, anthropicStreamError, judgeAnthropicKeyCheck } from './errors.ts'
import { ANTHROPIC_FACTS, prepareAnthropicBody } from './facts.ts'
import { ANTHROPIC_KEY_PATTERNS } from './keys.ts'
import { ANTHROPIC_USAGE } from './usage.ts'

export const anthropic: Provider = {
  id: 'anthropic',
  name: 'Anthropic',
  hosts: ['api.anthropic.com'],
  auth: { header: 'x-api-key', prefix: '' },
  forwardHeaders: ['anthropic-beta'],
  requiredHeaders: {
    // The one version whose replies the usage reader knows; every SDK sends it.
    'anthropic-version': '2023-06-01',
    // Without it the API answers 401 to any request that carries an Origin, an extension's included.
    'anthropic-dangerous-direct-browser-access': 'true',
  },
  endpoints: ANTHROPIC_ENDPOINTS,
  denied: ANTHROPIC_DENIED,
  keyPatterns: ANTHROPIC_KEY_PATTERNS,
  envNames: ['ANTHROPIC_API_KEY', 'CLAUDE_API_KEY'],
  valetKeyShapes: ['sk-ant-api03-93'],
  keyCheck: { method: 'GET', path: '/v1/models' },
  keyPageUrl: 'https://platform.claude.com/settings/keys',
  models: [
    'claude-opus-5-5',
    'claude-fable-5-1',
    'claude-opus-5',
    'claude-sonnet-5',
    'claude-fable-5',
    'claude-opus-4-8',
    'claude-opus-4-7',
    'claude-opus-4-6',
    'claude-sonnet-4-6',
    'claude-opus-4-5',
    'claude-sonnet-4-5',
    'claude-haiku-4-5',
  ],
  // 2576 px on the long edge.
  inputMaxima: { imageTokens: 4784 },
  readFacts: (endpoint, url, body) => readFactsBy(ANTHROPIC_FACTS, endpoint, { url, body }),
  prepareBody: (endpoint, body, limits) =>
    prepareAnthropicBody(endpoint, body, limits.maxOutputTokens),
  createUsageReader: (endpoint, sent) => entryOf(ANTHROPIC_USAGE, endpoint)(sent),
  judgeKeyCheck: judgeAnthropicKeyCheck,
  errorBody: anthropicErrorBody,
  streamError: anthropicStreamError,
}
