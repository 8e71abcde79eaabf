import type { KeyTest } from '../../protocol/index.ts'
import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { judgeByStatus } from '../formats/key-check.ts'
import { readImageFacts, readXaiSpeechFacts } from '../formats/media.ts'
import { openRealtimeSession } from '../formats/realtime-session.ts'
import { createFreeReader, createSilentReader } from '../formats/token-counts.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const xai = createDialectProvider({
  id: 'xai',
  name: 'xAI',
  hosts: ['api.x.ai'],
  base: '/v1/',
  endpoints: [
    'models',
    {
      kind: 'models',
      name: 'models.by_kind',
      path: /^\/v1\/(?:language|image-generation|embedding|video-generation)-models(?:\/[A-Za-z0-9._:-]+)?$/,
    },
    'chat',
    'responses',
    'messages',
    'embeddings',
    'images',
    // JSON here: the picture is an address or inline.
    { kind: 'images.edits', path: /^\/v1\/images\/edits$/, body: 'json', facts: readImageFacts },
    { kind: 'speech', path: /^\/v1\/tts$/, facts: readXaiSpeechFacts, usage: createSilentReader },
    { kind: 'transcriptions', path: /^\/v1\/stt$/, usage: createSilentReader },
    {
      kind: 'moderations',
      name: 'tokenize',
      path: /^\/v1\/tokenize-text$/,
      capability: 'tokens',
      usage: createFreeReader,
    },
  ],
  sockets: [
    {
      name: 'realtime',
      path: /^\/v1\/realtime$/,
      capability: 'realtime',
      // `xai-client-secret.` and the key: the key goes in the header.
      protocols: /^realtime$/,
      openSession: openRealtimeSession,
    },
  ],
  denied: [
    // C37.
    ...denyBelow('/v1/api-key', '/v1/billing', '/auth'),
    // C38.
    ...denyBelow('/v1/files', '/v1/batches', '/v1/collections', '/v1/documents', '/v1/realtime'),
    ...denyBelow('/v1/videos', '/v1/chat/deferred-completion'),
    { path: /^\/v1\/responses\/.+$/ },
  ],
  // Reasoning models take the newer name alone.
  habits: { limitName: 'max_completion_tokens' },
  // A result that is fetched later outlives the reservation.
  refusedMembers: ['deferred'],
  keyPatterns: KEY_PATTERNS.xai,
  envNames: ['XAI_API_KEY', 'GROK_API_KEY'],
  valetKeyShapes: ['xai-80'],
  keyCheck: { method: 'GET', path: '/v1/api-key' },
  keyPageUrl: 'https://console.x.ai',
  models: [
    'grok-4.6',
    'grok-4.5',
    'grok-4.3',
    'grok-4-1-fast-reasoning',
    'grok-4-1-fast-non-reasoning',
    'grok-code-fast-1',
    'grok-3-mini',
  ],
  judgeKeyCheck,
  errors: 'xai',
})

/** A wrong key is a bad request here. */
function judgeKeyCheck(status: number, bodyText: string): KeyTest['outcome'] {
  return status === 400 && /incorrect api key/i.test(bodyText) ? 'refused' : judgeByStatus(status)
}
