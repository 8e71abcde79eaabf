import { TEXT_KINDS } from '../formats/dialect-kinds.ts'
import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

/** A server of the person's own that speaks the dialect: vLLM, llama.cpp, a gateway. Below its base URL. */
export const custom = createDialectProvider({
  id: 'custom',
  name: 'Custom endpoint',
  hosts: [],
  places: 'any',
  base: '/',
  endpoints: [
    ...TEXT_KINDS,
    'rerank',
    'moderations',
    'images',
    'images.edits',
    'speech',
    'transcriptions',
    'translations',
  ],
  denied: [
    ...denyBelow('/organization', '/organizations', '/projects', '/dashboard', '/billing'),
    ...denyBelow('/key', '/keys', '/user', '/users', '/team', '/admin', '/files', '/uploads'),
    ...denyBelow('/batches', '/fine_tuning', '/assistants', '/threads', '/vector_stores'),
    ...denyBelow('/containers', '/conversations', '/realtime', '/videos'),
    { path: /^\/responses\/.+$/ },
  ],
  keyPatterns: KEY_PATTERNS.custom,
  envNames: ['OPENAI_COMPATIBLE_API_KEY'],
  valetKeyShapes: ['sk-48'],
  keyCheck: { method: 'GET', path: '/models' },
  keyPageUrl: '',
  models: [],
})
