import { factsWithoutBody } from '../formats/call-facts.ts'
import { entryOf, readFactsBy, type FactsReader } from '../formats/endpoint-table.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { ERROR_SHAPES } from '../formats/error-shapes.ts'
import { judgeByStatus } from '../formats/key-check.ts'
import { createFreeReader, createSilentReader } from '../formats/token-counts.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'
import type { Endpoint, Provider } from '../provider.ts'
import { readDeploymentFacts, readPredictionFacts } from './facts.ts'

const ENDPOINTS = [
  {
    ...{ name: 'models', method: 'GET', capability: 'models', body: 'none' },
    path: /^\/v1\/models(?:\/[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+)?$/,
  },
  {
    ...{ name: 'collections', method: 'GET', capability: 'models', body: 'none' },
    path: /^\/v1\/collections(?:\/[A-Za-z0-9._-]+)?$/,
  },
  {
    ...{ name: 'predictions', method: 'POST', capability: 'image', body: 'json' },
    path: /^\/v1\/predictions$/,
  },
  {
    ...{ name: 'models.predictions', method: 'POST', capability: 'image', body: 'json' },
    path: /^\/v1\/models\/[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+\/predictions$/,
  },
  {
    ...{ name: 'deployments.predictions', method: 'POST', capability: 'image', body: 'json' },
    path: /^\/v1\/deployments\/[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+\/predictions$/,
  },
  // A result of the app's own: its id is random, and every way of listing them is denied (C38). It was
  // paid for when it was asked for, so reading and stopping it come with any capability.
  {
    ...{ name: 'predictions.read', method: 'GET', capability: 'models', body: 'none' },
    path: /^\/v1\/predictions\/[a-z0-9]{16,64}$/,
  },
  {
    ...{ name: 'predictions.cancel', method: 'POST', capability: 'models', body: 'none' },
    path: /^\/v1\/predictions\/[a-z0-9]{16,64}\/cancel$/,
  },
] as const satisfies readonly Endpoint[]

type EndpointName = (typeof ENDPOINTS)[number]['name']

const FACTS: Readonly<Record<EndpointName, FactsReader>> = {
  models: factsWithoutBody,
  collections: factsWithoutBody,
  predictions: readPredictionFacts,
  'models.predictions': readPredictionFacts,
  'deployments.predictions': readDeploymentFacts,
  'predictions.read': factsWithoutBody,
  'predictions.cancel': factsWithoutBody,
}

/** Billed by the second of the model's machine, which no reply bounds: each run is asked about. */
const USAGE: Readonly<Record<EndpointName, typeof createSilentReader>> = {
  models: createFreeReader,
  collections: createFreeReader,
  predictions: createSilentReader,
  'models.predictions': createSilentReader,
  'deployments.predictions': createSilentReader,
  'predictions.read': createFreeReader,
  'predictions.cancel': createFreeReader,
}

export const replicate: Provider = {
  id: 'replicate',
  name: 'Replicate',
  hosts: ['api.replicate.com'],
  auth: { header: 'authorization', prefix: 'Bearer ' },
  forwardHeaders: ['prefer', 'cancel-after'],
  requiredHeaders: {},
  endpoints: ENDPOINTS,
  denied: [
    // C37.
    ...denyBelow('/v1/account', '/v1/hardware', '/v1/webhooks'),
    // C38: what every app on the key could meet.
    ...denyBelow('/v1/files', '/v1/trainings'),
    { method: 'GET', path: /^\/v1\/predictions$/ },
    { method: 'POST', path: /^\/v1\/models$/ },
    { method: 'PATCH', path: /^\/v1\/(?:models|deployments)(?:\/.*)?$/ },
    { method: 'DELETE', path: /^\/.*$/ },
    { method: 'GET', path: /^\/v1\/deployments(?:\/.*)?$/ },
    { path: /^\/v1\/deployments(?:\/[^/]+){0,2}$/ },
  ],
  keyPatterns: KEY_PATTERNS.replicate,
  envNames: ['REPLICATE_API_TOKEN', 'REPLICATE_API_KEY'],
  valetKeyShapes: ['r8-37'],
  keyCheck: { method: 'GET', path: '/v1/account' },
  keyPageUrl: 'https://replicate.com/account/api-tokens',
  models: [
    'black-forest-labs/flux-1.1-pro',
    'black-forest-labs/flux-schnell',
    'google/nano-banana',
    'stability-ai/stable-diffusion-3.5-large',
    'openai/gpt-5-mini',
    'meta/meta-llama-3-70b-instruct',
  ],
  inputMaxima: { imageTokens: 16_384 },
  readFacts: (endpoint, url, body) => readFactsBy(FACTS, endpoint, { url, body }),
  prepareBody: (_endpoint, body) => ({ body, usageAddedByUs: false }),
  createUsageReader: (endpoint) => entryOf(USAGE, endpoint)(),
  judgeKeyCheck: judgeByStatus,
  errorBody: ERROR_SHAPES.problem.body,
  streamError: ERROR_SHAPES.problem.stream,
}
