/** Shapes of keys as providers give them out (docs/providers.md has the sources). */

interface CorpusForm {
  readonly provider: string
  readonly kind: string
  /** For `createDraw`. */
  readonly template: string
  readonly host?: string
  readonly storable?: false
  readonly needsContext?: true
}

/** base64 of "OpenAI", in two parts for the scanners. */
const MARK = ['T3Blb', 'kFJ'].join('')
const UUID = '{H8}-{H4}-4{H3}-a{H3}-{H12}'

export const KEY_WRAPPINGS: readonly string[] = [
  '%',
  'export KEY=%',
  '"apiKey": "%",',
  "const k = '%';",
  'Authorization: Bearer %',
  ' %\n',
  '<input readonly value="%">',
  'Your key: %. Copy it now.',
  'KEY=%;OTHER=1',
  '`%`',
  '(%)',
  '“%”',
]

const ANYWHERE: readonly CorpusForm[] = [
  { provider: 'openai', kind: 'project', template: `sk-proj-{U74}${MARK}{U74}` },
  { provider: 'openai', kind: 'project', template: `sk-proj-{U58}${MARK}{U58}` },
  { provider: 'openai', kind: 'service-account', template: `sk-svcacct-{U74}${MARK}{U74}` },
  { provider: 'openai', kind: 'legacy-user', template: `sk-{A20}${MARK}{A20}` },
  { provider: 'openai', kind: 'user-none', template: `sk-None-{U74}${MARK}{U74}` },
  { provider: 'anthropic', kind: 'api', template: 'sk-ant-api03-{U93}AA' },
  { provider: 'google', kind: 'auth-key', template: 'AQ.Ab8RN6{U44}' },
  { provider: 'google', kind: 'auth-key', template: 'AQ.Ab8RN6-{U42}-' },
  { provider: 'groq', kind: 'api', template: 'gsk_{A52}' },
  { provider: 'openrouter', kind: 'api-or-management', template: 'sk-or-v1-{H64}' },
  { provider: 'xai', kind: 'api', template: 'xai-{A80}' },
  { provider: 'together', kind: 'api', template: 'tgp_v1_-{U41}_' },
  { provider: 'fireworks', kind: 'api', template: 'fw_{A22}47' },
  { provider: 'perplexity', kind: 'api', template: 'pplx-{A48}' },
  { provider: 'cerebras', kind: 'api', template: 'csk-{l48}' },
  { provider: 'huggingface', kind: 'user-access-token', template: 'hf_{L34}' },
  { provider: 'replicate', kind: 'api', template: 'r8_{A37}' },
  { provider: 'elevenlabs', kind: 'api', template: 'sk_{H48}' },
  { provider: 'fal', kind: 'api-or-admin', template: `${UUID}:{H32}` },
  { provider: 'azure-openai', kind: 'api-84', template: '{A52}JQQJ99{A18}ACOG{A4}' },
  { provider: 'nvidia', kind: 'api', template: 'nvapi--{U62}_' },
  { provider: 'zhipu', kind: 'api', template: '{H32}.{A16}' },
  { provider: 'voyage', kind: 'api', template: 'pa-{U43}' },
  { provider: 'minimax', kind: 'api', template: 'sk-api-{U119}' },
  { provider: 'jina', kind: 'api', template: 'jina_{A60}' },
  { provider: 'moonshot', kind: 'kimi-code', template: 'sk-kimi-{A60}' },
]

/** Forms that say little by themselves: found on their provider's own page alone. */
const ON_THEIR_PAGE: readonly CorpusForm[] = [
  ['google', 'standard-key', 'AIzaSy{U33}', 'aistudio.google.com'],
  ['mistral', 'api', '{A30}7Q', 'console.mistral.ai'],
  ['deepseek', 'api', 'sk-{H30}7c', 'platform.deepseek.com'],
  ['cohere', 'api', '{A38}7Q', 'dashboard.cohere.com'],
  ['deepgram', 'api', '{H40}', 'console.deepgram.com'],
  ['stability', 'api', 'sk-{A48}', 'platform.stability.ai'],
  ['moonshot', 'api', 'sk-{A48}', 'platform.moonshot.ai'],
  ['azure-openai', 'api-32', '{H32}', 'portal.azure.com'],
  ['ollama', 'cloud', '{H32}.{U24}', 'ollama.com'],
  ['novita', 'api', 'sk_{U43}', 'novita.ai'],
  ['alibaba', 'api', 'sk-{H32}', 'bailian.console.alibabacloud.com'],
  ['elevenlabs', 'legacy', '{H32}', 'elevenlabs.io'],
  ['together', 'legacy', '{H64}', 'api.together.ai'],
].map(([provider = '', kind = '', template = '', host = '']) => ({
  ...{ provider, kind, template, host },
  needsContext: true,
}))

/** C39: recognised and refused. */
const REFUSED: readonly CorpusForm[] = [
  ['openai', 'admin', `sk-admin-{U58}${MARK}{U58}`],
  ['openai', 'ephemeral', 'ek_{l40}'],
  ['openai', 'session', 'sess-{A40}'],
  ['anthropic', 'admin', 'sk-ant-admin01-{U93}AA'],
  ['anthropic', 'oauth-access', 'sk-ant-oat01-{U95}'],
  ['anthropic', 'oauth-refresh', 'sk-ant-ort01-{U95}'],
  ['anthropic', 'session', 'sk-ant-sid01-{U93}AA'],
  ['xai', 'management', 'xai-token-{A80}'],
  ['mistral', 'realtime-token', 'rt_{A40}'],
  ['huggingface', 'org-token', 'api_org_{L34}'],
  ['github-models', 'github-token', 'ghp_{A36}'],
  ['github-models', 'github-token', 'github_pat_{A22}_{A59}'],
].map(([provider = '', kind = '', template = '']) => ({
  ...{ provider, kind, template },
  storable: false,
}))

/** A key of one provider on the page of another is still whose it is. */
const ELSEWHERE: readonly CorpusForm[] = [
  { provider: 'groq', kind: 'api', template: 'gsk_{A52}', host: 'platform.openai.com' },
  {
    provider: 'anthropic',
    kind: 'api',
    template: 'sk-ant-api03-{U93}AA',
    host: 'console.groq.com',
  },
  { provider: 'elevenlabs', kind: 'api', template: 'sk_{H48}', host: 'novita.ai' },
]

export const CORPUS_KEYS: readonly CorpusForm[] = [
  ...ANYWHERE,
  ...ON_THEIR_PAGE,
  ...REFUSED,
  ...ELSEWHERE,
]
