import type { JsonObject } from '../../protocol/index.ts'
import { callFacts } from '../formats/call-facts.ts'
import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { surveyOpenAiBody } from '../formats/openai-survey.ts'
import { createSilentReader } from '../formats/token-counts.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'
import type { CallFacts } from '../provider.ts'

/** Billed in credits by the picture: each call is asked about. The model is named, or the path's last word. */
function readFacts(path: string, fields: JsonObject): CallFacts {
  const survey = surveyOpenAiBody(fields)
  const named = typeof fields['model'] === 'string' ? fields['model'] : ''
  const inPath = /^\/v1\/generation\/([^/]+)/.exec(path)?.[1] ?? path.split('/').at(-1)
  const model = named === '' ? (inPath ?? null) : named
  return callFacts({ path, survey, model, outputLimit: null, messages: 1 })
}

const SILENT = { facts: readFacts, usage: createSilentReader }

export const stability = createDialectProvider({
  id: 'stability',
  name: 'Stability AI',
  hosts: ['api.stability.ai'],
  base: '/v2beta/',
  // Not organization: C33, an app must not choose who pays.
  forwardHeaders: ['stability-client-id', 'stability-client-version'],
  endpoints: [
    { kind: 'models', path: /^\/v1\/engines\/list$/ },
    // A result of the app's own: its id is random, and there is no list of them (C38).
    {
      ...{ kind: 'models', name: 'results' },
      path: /^\/v2beta\/(?:stable-image\/)?results\/[A-Za-z0-9-]{16,128}$/,
    },
    {
      ...{ kind: 'images.edits', name: 'stable-image', ...SILENT },
      path: /^\/v2beta\/stable-image\/(?:generate|edit|upscale|control)\/[a-z0-9-]+$/,
    },
    {
      ...{ kind: 'images', name: 'text-to-image', ...SILENT },
      path: /^\/v1\/generation\/[A-Za-z0-9._-]+\/text-to-image$/,
    },
    {
      ...{ kind: 'images.edits', name: 'image-to-image', ...SILENT },
      path: /^\/v1\/generation\/[A-Za-z0-9._-]+\/image-to-image(?:\/[a-z-]+)?$/,
    },
    {
      ...{ kind: 'speech', name: 'audio', body: 'form', ...SILENT },
      path: /^\/v2beta\/audio\/[a-z0-9/-]+$/,
    },
  ],
  denied: denyBelow('/v1/user', '/v2beta/3d'),
  keyPatterns: KEY_PATTERNS.stability,
  envNames: ['STABILITY_API_KEY', 'STABILITY_KEY'],
  valetKeyShapes: ['sk-48'],
  keyCheck: { method: 'GET', path: '/v1/user/balance' },
  keyPageUrl: 'https://platform.stability.ai/account/keys',
  models: ['ultra', 'core', 'sd3.5-large', 'sd3.5-medium', 'stable-audio-2.5'],
  errors: 'stability',
})
