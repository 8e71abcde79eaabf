import { denyBelow } from '../formats/endpoint-rules.ts'
import type { Endpoint, Provider } from '../provider.ts'

/** The layer for OpenAI's SDKs takes the key where they put it. */
const BEARER = { header: 'authorization', prefix: 'Bearer ' }

export const GOOGLE_ENDPOINTS = [
  {
    name: 'models',
    method: 'GET',
    path: /^\/v1(?:beta|alpha)?\/models(?:\/[A-Za-z0-9._-]+)?$/,
    capability: 'models',
    body: 'none',
  },
  {
    name: 'generateContent',
    method: 'POST',
    path: /^\/v1(?:beta|alpha)?\/models\/[A-Za-z0-9._-]+:generateContent$/,
    capability: 'chat',
    body: 'json',
  },
  {
    name: 'streamGenerateContent',
    method: 'POST',
    path: /^\/v1(?:beta|alpha)?\/models\/[A-Za-z0-9._-]+:streamGenerateContent$/,
    capability: 'chat',
    body: 'json',
  },
  {
    name: 'countTokens',
    method: 'POST',
    path: /^\/v1(?:beta|alpha)?\/models\/[A-Za-z0-9._-]+:countTokens$/,
    capability: 'tokens',
    body: 'json',
  },
  {
    name: 'embedContent',
    method: 'POST',
    path: /^\/v1(?:beta|alpha)?\/models\/[A-Za-z0-9._-]+:embedContent$/,
    capability: 'embedding',
    body: 'json',
  },
  {
    name: 'batchEmbedContents',
    method: 'POST',
    path: /^\/v1(?:beta|alpha)?\/models\/[A-Za-z0-9._-]+:batchEmbedContents$/,
    capability: 'embedding',
    body: 'json',
  },
  {
    name: 'predict',
    method: 'POST',
    path: /^\/v1(?:beta|alpha)?\/models\/[A-Za-z0-9._-]+:predict$/,
    capability: 'image',
    body: 'json',
  },
  {
    name: 'openai.chat.completions',
    method: 'POST',
    path: /^\/v1beta\/openai\/chat\/completions$/,
    capability: 'chat',
    body: 'json',
    auth: BEARER,
  },
  {
    name: 'openai.embeddings',
    method: 'POST',
    path: /^\/v1beta\/openai\/embeddings$/,
    capability: 'embedding',
    body: 'json',
    auth: BEARER,
  },
  {
    name: 'openai.models',
    method: 'GET',
    path: /^\/v1beta\/openai\/models(?:\/[A-Za-z0-9._-]+)?$/,
    capability: 'models',
    body: 'none',
    auth: BEARER,
  },
] as const satisfies readonly Endpoint[]

export type GoogleEndpointName = (typeof GOOGLE_ENDPOINTS)[number]['name']

const VERSIONS = ['/v1', '/v1beta', '/v1alpha']
/** C38: things every app on the key could meet; and tokens minted to spend unmetered. */
const STORED = [
  'cachedContents',
  'tunedModels',
  'batches',
  'corpora',
  'fileSearchStores',
  'auth_tokens',
]

export const GOOGLE_DENIED: Provider['denied'] = [
  ...VERSIONS.flatMap((version) => denyBelow(...STORED.map((name) => `${version}/${name}`))),
  { path: /^\/(?:upload\/)?v1(?:beta|alpha)?\/files(?:[:/].*)?$/ },
  ...denyBelow('/v1beta/interactions', '/ws'),
  // Jobs that outlive the request: their reservation is not built, and their results are the key's.
  { path: /^\/v1(?:beta|alpha)?\/models\/[^/:]+:(?:batchGenerateContent|asyncBatchEmbedContent)$/ },
  { path: /^\/v1(?:beta|alpha)?\/models\/[^/:]+:predictLongRunning$/ },
  { path: /^\/v1(?:beta|alpha)?\/models\/[^/:]+\/operations(?:\/.*)?$/ },
]
