import { TEXT_KINDS } from '../formats/dialect-kinds.ts'
import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { isJsonObject, parseJson, type KeyTest } from '../../protocol/index.ts'
import { judgeByStatus } from '../formats/key-check.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const openrouter = createDialectProvider({
  id: 'openrouter',
  name: 'OpenRouter',
  hosts: ['openrouter.ai'],
  base: '/api/v1/',
  forwardHeaders: ['http-referer', 'x-title', 'x-openrouter-*'],
  endpoints: TEXT_KINDS,
  denied: [
    // C37: keys, credit and the account.
    ...denyBelow('/api/v1/keys', '/api/v1/key', '/api/v1/auth', '/api/v1/credits'),
    ...denyBelow('/api/v1/activity', '/api/v1/organization', '/api/v1/guardrails'),
    ...denyBelow('/api/v1/workspaces', '/api/v1/byok'),
    // C38: what other apps asked and got; and jobs that outlive the request.
    ...denyBelow('/api/v1/generation', '/api/v1/videos', '/api/v1/files', '/api/v1/presets'),
    { path: /^\/api\/v1\/responses\/.+$/ },
  ],
  habits: { limitName: 'max_tokens' },
  // openrouter.ai/docs: variants of that name are served for nothing.
  freeModels: /^[^:]+:free$/,
  searching: /:online$|-search\b|deep-research|^perplexity\//,
  // C40: another model would answer than the one the grant was asked about.
  refusedMembers: ['models', 'fallbacks', 'route', 'preset'],
  keyPatterns: KEY_PATTERNS.openrouter,
  envNames: ['OPENROUTER_API_KEY'],
  valetKeyShapes: ['sk-or-v1-64'],
  keyCheck: { method: 'GET', path: '/api/v1/key', readsReply: true },
  keyPageUrl: 'https://openrouter.ai/settings/keys',
  models: [
    'anthropic/claude-sonnet-4.5',
    'openai/gpt-5.4',
    'openai/gpt-5-mini',
    'google/gemini-2.5-flash',
    'deepseek/deepseek-v3.2',
    'mistralai/mistral-large-2512',
    'qwen/qwen3-32b',
    'x-ai/grok-4.3',
  ],
  judgeKeyCheck,
  errors: 'openrouter',
})

/** C39: a management key looks like any other; only the check tells that it opens the account. */
function judgeKeyCheck(status: number, bodyText: string): KeyTest['outcome'] {
  const reply = parseJson(bodyText)
  const data = isJsonObject(reply) ? reply['data'] : undefined
  const isManagement =
    isJsonObject(data) &&
    (data['is_management_key'] === true || data['is_provisioning_key'] === true)
  return isManagement ? 'refused' : judgeByStatus(status)
}
