import type { JsonObject } from '../../protocol/index.ts'
import { callFacts } from '../formats/call-facts.ts'
import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { surveyOpenAiBody } from '../formats/openai-survey.ts'
import { modelInQuery, refused } from '../formats/request-fields.ts'
import { isGiven } from '../formats/survey.ts'
import { createSilentReader } from '../formats/token-counts.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'
import type { CallFacts } from '../provider.ts'
import { DEEPGRAM_SOCKETS } from './sockets.ts'

/** Billed by the second or the letter: each call is asked about. The model stands in the query. */
function readFacts(path: string, body: JsonObject, url: URL): CallFacts {
  // C43: results would go to a server of the app's choice.
  if (url.searchParams.has('callback')) throw refused('callback')
  const survey = surveyOpenAiBody(body)
  survey.files += 1
  survey.unbounded = true
  if (isGiven(body['url'])) survey.needs.add('tools.fetch')
  return callFacts({ path, survey, model: modelInQuery(url), outputLimit: null, messages: 1 })
}

const SILENT = { facts: readFacts, usage: createSilentReader }

export const deepgram = createDialectProvider({
  id: 'deepgram',
  name: 'Deepgram',
  hosts: ['api.deepgram.com'],
  auth: { header: 'authorization', prefix: 'Token ' },
  base: '/v1/',
  endpoints: [
    { kind: 'models', path: /^\/v1\/models(?:\/[A-Za-z0-9._-]+)?$/ },
    { kind: 'transcriptions', name: 'listen', path: /^\/v1\/listen$/, body: 'media', ...SILENT },
    { kind: 'speech', name: 'speak', path: /^\/v1\/speak$/, ...SILENT },
    { kind: 'completions', name: 'read', path: /^\/v1\/read$/, ...SILENT, prepare: asIs },
  ],
  sockets: DEEPGRAM_SOCKETS,
  denied: [
    ...denyBelow('/v1/projects', '/v1/auth', '/v1/self-hosted', '/v1/agent', '/v2/listen'),
    // Sockets have a table of their own, and a text in an address gets into logs.
    { method: 'GET', path: /^\/v1\/(?:listen|speak)$/ },
  ],
  // Any Git commit looks like it.
  keyPatterns: KEY_PATTERNS.deepgram,
  envNames: ['DEEPGRAM_API_KEY'],
  valetKeyShapes: ['hex-40'],
  keyCheck: { method: 'GET', path: '/v1/projects' },
  keyPageUrl: 'https://console.deepgram.com',
  models: ['nova-3', 'nova-2', 'aura-2-thalia-en', 'whisper-large'],
  errors: 'deepgram',
})

function asIs(body: JsonObject) {
  return { body, usageAddedByUs: false }
}
