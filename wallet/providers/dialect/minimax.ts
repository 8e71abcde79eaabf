import { isJsonObject, parseJson, type KeyTest } from '../../protocol/index.ts'
import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { judgeByStatus } from '../formats/key-check.ts'
import { createSilentReader } from '../formats/token-counts.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const minimax = createDialectProvider({
  id: 'minimax',
  name: 'MiniMax',
  hosts: ['api.minimax.io'],
  base: '/v1/',
  endpoints: [
    'models',
    'chat',
    { kind: 'chat', name: 'text.chat', path: /^\/v1\/text\/chatcompletion_v2$/ },
    { kind: 'messages', path: /^\/anthropic\/v1\/messages$/ },
    {
      kind: 'images',
      path: /^\/v1\/image_generation$/,
      usage: createSilentReader,
    },
    {
      kind: 'speech',
      path: /^\/v1\/t2a_v2$/,
      usage: createSilentReader,
    },
  ],
  denied: [
    ...denyBelow('/v1/files', '/v1/voice_clone', '/v1/voice_design', '/v1/get_voice'),
    ...denyBelow('/v1/delete_voice', '/v1/video_generation', '/v2/video_generation'),
    ...denyBelow('/v1/query', '/v1/t2a_async_v2', '/v1/music_generation'),
  ],
  keyPatterns: KEY_PATTERNS.minimax,
  envNames: ['MINIMAX_API_KEY'],
  valetKeyShapes: ['sk-api-119'],
  keyCheck: { method: 'GET', path: '/v1/models', readsReply: true },
  judgeKeyCheck,
  keyPageUrl: 'https://platform.minimax.io/user-center/basic-information/interface-key',
  models: ['MiniMax-M3', 'MiniMax-M2.7', 'MiniMax-M2.7-highspeed', 'MiniMax-M2.5-highspeed'],
  errors: 'minimax',
})

/** Its own errors come with status 200. 1004 and 2049: not a key. */
function judgeKeyCheck(status: number, bodyText: string): KeyTest['outcome'] {
  const reply = parseJson(bodyText)
  const base = isJsonObject(reply) ? reply['base_resp'] : undefined
  const code = isJsonObject(base) ? base['status_code'] : undefined
  if (code === 1004 || code === 2049) return 'refused'
  return code === undefined || code === 0 ? judgeByStatus(status) : 'limited'
}
