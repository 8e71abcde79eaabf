import type { JsonObject, KeyTest } from '../../protocol/index.ts'
import { callFacts } from '../formats/call-facts.ts'
import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { judgeByStatus } from '../formats/key-check.ts'
import { capabilityOfModel, surveyRun } from '../formats/model-runs.ts'
import { refused } from '../formats/request-fields.ts'
import { createSilentReader } from '../formats/token-counts.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'
import type { CallFacts } from '../provider.ts'

/** A run of the model in the path, at once or in a queue. */
function readRunFacts(path: string, body: JsonObject, url: URL): CallFacts {
  // C43: results would go to a server of the app's choice.
  if (url.searchParams.has('fal_webhook')) throw refused('fal_webhook')
  const model = path.slice(1)
  const facts = callFacts({ path, survey: surveyRun(body), model, outputLimit: null })
  return { ...facts, capability: capabilityOfModel(model) }
}

export const fal = createDialectProvider({
  id: 'fal',
  name: 'fal',
  hosts: ['fal.run', 'queue.fal.run'],
  auth: { header: 'authorization', prefix: 'Key ' },
  forwardHeaders: ['x-fal-object-lifecycle-preference', 'x-fal-queue-priority'],
  base: '/',
  endpoints: [
    // A result of the app's own: its id is random, and there is no list of them (C38).
    {
      ...{ kind: 'models', name: 'requests' },
      path: /^\/[a-z0-9-]+\/[A-Za-z0-9._/-]+\/requests\/[0-9a-f-]{16,64}(?:\/status(?:\/stream)?)?$/,
    },
    {
      ...{ kind: 'images', name: 'run', path: /^\/[a-z0-9-]+\/[A-Za-z0-9._/-]+$/ },
      ...{ facts: readRunFacts, usage: createSilentReader },
    },
  ],
  denied: [
    ...denyBelow('/v1', '/tokens', '/billing', '/keys', '/users', '/storage', '/account'),
    // Streams by tokens of their own, and jobs of workflows nothing here reads.
    ...denyBelow('/workflows'),
    { path: /^\/[^/]+\/.+\/realtime$/ },
  ],
  keyPatterns: KEY_PATTERNS.fal,
  envNames: ['FAL_KEY', 'FAL_API_KEY'],
  valetKeyShapes: ['uuid-hex-32'],
  keyCheck: { method: 'GET', path: '/v1/models/usage', host: 'api.fal.ai', readsReply: true },
  judgeKeyCheck,
  keyPageUrl: 'https://fal.ai/dashboard/keys',
  models: ['fal-ai/flux/dev', 'fal-ai/flux/schnell', 'fal-ai/flux-pro/v1.1', 'fal-ai/nano-banana'],
  errors: 'detail',
})

/** C39: only a key that administers the account is told what it used. */
function judgeKeyCheck(status: number): KeyTest['outcome'] {
  if (status === 200) return 'refused'
  return status === 403 ? 'works' : judgeByStatus(status)
}
