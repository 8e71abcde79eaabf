import { createDialectProvider } from '../formats/dialect.ts'
import { DIALECT_KINDS, type DialectKindName } from '../formats/dialect-kinds.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import type { FactsReader } from '../formats/endpoint-table.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

const DEPLOYMENTS = '\\/openai\\/deployments\\/[A-Za-z0-9._-]+\\/'

/** The model is a deployment: a name of the account's own, in the path. */
function deployed(kind: DialectKindName): FactsReader {
  const read: FactsReader = DIALECT_KINDS[kind].facts
  return (path, body, url) => {
    const model = path.split('/')[3] ?? ''
    return { ...read(path, { ...body, model }, url), model }
  }
}

function deployment(kind: DialectKindName) {
  const path = new RegExp(`^${DEPLOYMENTS}${DIALECT_KINDS[kind].below}$`)
  return { kind, name: `deployments.${kind}`, path, facts: deployed(kind) }
}

const OWN_HOST = /^[a-z0-9-]+\.(?:openai|cognitiveservices|services\.ai)\.azure\.com$/

/** C37, C38. */
const STORED = [
  ...['files', 'uploads', 'batches', 'fine_tuning', 'assistants', 'threads', 'vector_stores'],
  ...['containers', 'evals', 'realtime', 'realtimeapi', 'conversations', 'videos', 'management'],
]

/** A resource of the person's own: its host is the key's base URL, its deployments the models. */
export const azureOpenai = createDialectProvider({
  id: 'azure-openai',
  name: 'Azure OpenAI',
  hosts: [],
  places: OWN_HOST,
  auth: { header: 'api-key', prefix: '' },
  base: '/openai/v1/',
  endpoints: [
    { kind: 'models', path: /^\/openai\/(?:v1\/)?models$/ },
    'chat',
    'responses',
    'completions',
    'embeddings',
    'images',
    'images.edits',
    'speech',
    'transcriptions',
    'translations',
    deployment('chat'),
    deployment('completions'),
    deployment('embeddings'),
    deployment('images'),
    deployment('images.edits'),
    deployment('speech'),
    deployment('transcriptions'),
    deployment('translations'),
    {
      kind: 'messages',
      path: /^\/anthropic\/v1\/messages$/,
      auth: { header: 'x-api-key', prefix: '' },
    },
    { kind: 'chat', name: 'models.chat', path: /^\/models\/chat\/completions$/ },
  ],
  denied: [
    ...STORED.flatMap((name) => denyBelow(`/openai/${name}`, `/openai/v1/${name}`)),
    { path: /^\/openai\/deployments(?:\/[^/]+)?$/ },
    { path: /^\/openai\/(?:v1\/)?responses\/.+$/ },
  ],
  habits: { limitName: 'max_completion_tokens' },
  keyPatterns: KEY_PATTERNS['azure-openai'],
  envNames: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'],
  valetKeyShapes: ['hex-32'],
  keyCheck: { method: 'GET', path: '/openai/models?api-version=2024-10-21' },
  keyPageUrl: 'https://portal.azure.com/',
  models: [],
  errors: 'coded',
})
