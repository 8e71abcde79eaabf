import { TEXT_KINDS } from '../formats/dialect-kinds.ts'
import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'
import { prepareOllama, readOllamaEmbedFacts, readOllamaFacts, readShowFacts } from './facts.ts'
import { createOllamaUsageReader } from './usage.ts'

/** Its cloud at `ollama.com`, or a machine of the person's own; its own API beside OpenAI's dialect. */
export const ollama = createDialectProvider({
  id: 'ollama',
  name: 'Ollama',
  hosts: ['ollama.com'],
  places: 'any',
  base: '/v1/',
  endpoints: [
    ...TEXT_KINDS,
    { kind: 'models', name: 'own.models', path: /^\/api\/(?:tags|version|ps)$/ },
    {
      ...{ kind: 'completions', name: 'own.chat', path: /^\/api\/(?:chat|generate)$/ },
      ...{ facts: readOllamaFacts, usage: createOllamaUsageReader, prepare: prepareOllama },
    },
    {
      ...{ kind: 'embeddings', name: 'own.embed', path: /^\/api\/(?:embed|embeddings)$/ },
      ...{ facts: readOllamaEmbedFacts, usage: createOllamaUsageReader },
    },
    {
      ...{ kind: 'moderations', name: 'own.show', path: /^\/api\/show$/ },
      ...{ capability: 'models', facts: readShowFacts },
    },
  ],
  denied: [
    // C37: what the machine holds.
    ...denyBelow('/api/pull', '/api/push', '/api/create', '/api/copy', '/api/delete'),
    ...denyBelow('/api/blobs', '/api/signin', '/api/signout', '/api/me', '/api/user'),
    ...denyBelow('/api/web_search', '/api/web_fetch', '/api/experimental'),
    { path: /^\/v1\/responses\/.+$/ },
  ],
  keyPatterns: KEY_PATTERNS.ollama,
  envNames: ['OLLAMA_API_KEY'],
  valetKeyShapes: ['hex-32-24'],
  keyCheck: { method: 'GET', path: '/api/tags' },
  keyPageUrl: 'https://ollama.com/settings/keys',
  models: ['gpt-oss:120b', 'gpt-oss:20b', 'qwen3-coder:480b', 'deepseek-v3.1:671b', 'llama3.2'],
  errors: 'bare',
})
