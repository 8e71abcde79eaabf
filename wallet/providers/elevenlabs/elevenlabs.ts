import { isJsonObject, parseJson, type JsonObject, type KeyTest } from '../../protocol/index.ts'
import { callFacts } from '../formats/call-facts.ts'
import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { judgeByStatus } from '../formats/key-check.ts'
import { surveyOpenAiBody } from '../formats/openai-survey.ts'
import { isGiven } from '../formats/survey.ts'
import { createSilentReader } from '../formats/token-counts.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'
import type { CallFacts } from '../provider.ts'
import { ELEVENLABS_SOCKETS } from './sockets.ts'

/** Billed in credits of the plan: each call is asked about. */
function readFacts(path: string, body: JsonObject): CallFacts {
  const survey = surveyOpenAiBody(body)
  // C43: a recording it fetches, or results it sends to a server of the account's choice.
  const reaching = ['cloud_storage_url', 'source_url', 'webhook', 'webhook_id', 'webhook_metadata']
  if (reaching.some((name) => isGiven(body[name]))) survey.needs.add('tools.fetch')
  const model = typeof body['model_id'] === 'string' ? body['model_id'] : null
  return callFacts({ path, survey, model, outputLimit: null, messages: 1 })
}

const SILENT = { facts: readFacts, usage: createSilentReader }
const VOICE = '[A-Za-z0-9]{1,64}'

export const elevenlabs = createDialectProvider({
  id: 'elevenlabs',
  name: 'ElevenLabs',
  hosts: ['api.elevenlabs.io'],
  auth: { header: 'xi-api-key', prefix: '' },
  base: '/v1/',
  endpoints: [
    { kind: 'models', path: /^\/v1\/models$/ },
    { kind: 'models', name: 'voices', path: new RegExp(`^/v[12]/voices(?:/${VOICE})?$`) },
    {
      ...{ kind: 'speech', name: 'text-to-speech', ...SILENT },
      path: new RegExp(`^/v1/text-to-speech/${VOICE}(?:/stream)?(?:/with-timestamps)?$`),
    },
    {
      ...{ kind: 'speech', name: 'generation', ...SILENT },
      path: /^\/v1\/(?:sound-generation|music|text-to-dialogue)(?:\/stream)?$/,
    },
    {
      ...{ kind: 'speech', name: 'speech-to-speech', body: 'form', ...SILENT },
      path: new RegExp(`^/v1/(?:speech-to-speech/${VOICE}|audio-isolation)(?:/stream)?$`),
    },
    { kind: 'transcriptions', path: /^\/v1\/speech-to-text$/, ...SILENT },
  ],
  sockets: ELEVENLABS_SOCKETS,
  denied: [
    // C37.
    ...denyBelow(
      '/v1/user',
      '/v1/workspace',
      '/v1/workspaces',
      '/v1/service-accounts',
      '/v1/usage',
    ),
    // C38.
    ...denyBelow('/v1/history', '/v1/convai', '/v1/voices/add', '/v1/dubbing', '/v1/studio'),
    ...denyBelow('/v1/pronunciation-dictionaries', '/v1/similar-voices', '/v1/voice-generation'),
    { path: /^\/v1\/voices\/[^/]+\/.+$/ },
    { method: 'DELETE', path: /^\/.*$/ },
    // A minted token would be spent unmetered; sockets are no HTTP endpoint.
    ...denyBelow('/v1/single-use-token', '/v1/speech-to-text/realtime'),
    { path: /^\/v1\/text-to-speech\/[^/]+\/(?:multi-)?stream-input$/ },
  ],
  keyPatterns: KEY_PATTERNS.elevenlabs,
  envNames: ['ELEVENLABS_API_KEY', 'ELEVEN_API_KEY', 'XI_API_KEY'],
  valetKeyShapes: ['sk_hex-48'],
  keyCheck: { method: 'GET', path: '/v1/user' },
  judgeKeyCheck,
  keyPageUrl: 'https://elevenlabs.io/app/settings/api-keys',
  models: [
    'eleven_v3',
    'eleven_multilingual_v2',
    'eleven_turbo_v2_5',
    'eleven_flash_v2_5',
    'scribe_v1',
  ],
  errors: 'elevenlabs',
})

/** A key that may do less than read its account is still a key. */
function judgeKeyCheck(status: number, bodyText: string): KeyTest['outcome'] {
  const reply = parseJson(bodyText)
  const detail = isJsonObject(reply) ? reply['detail'] : undefined
  const isNarrow = isJsonObject(detail) && detail['status'] === 'missing_permissions'
  return status === 401 && isNarrow ? 'limited' : judgeByStatus(status)
}
