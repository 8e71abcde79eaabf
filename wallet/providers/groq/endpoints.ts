import { denyBelow } from '../formats/endpoint-rules.ts'
import type { Endpoint, Provider } from '../provider.ts'

export const GROQ_ENDPOINTS = [
  {
    name: 'models',
    method: 'GET',
    // Names have a maker before them: `openai/gpt-oss-120b`.
    path: /^\/openai\/v1\/models(?:\/[A-Za-z0-9._:-]+){0,2}$/,
    capability: 'models',
    body: 'none',
  },
  {
    name: 'chat.completions',
    method: 'POST',
    path: /^\/openai\/v1\/chat\/completions$/,
    capability: 'chat',
    body: 'json',
  },
  {
    name: 'responses',
    method: 'POST',
    path: /^\/openai\/v1\/responses$/,
    capability: 'chat',
    body: 'json',
  },
  {
    name: 'embeddings',
    method: 'POST',
    path: /^\/openai\/v1\/embeddings$/,
    capability: 'embedding',
    body: 'json',
  },
  {
    name: 'audio.transcriptions',
    method: 'POST',
    path: /^\/openai\/v1\/audio\/transcriptions$/,
    capability: 'transcription',
    body: 'form',
  },
  {
    name: 'audio.translations',
    method: 'POST',
    path: /^\/openai\/v1\/audio\/translations$/,
    capability: 'transcription',
    body: 'form',
  },
  {
    name: 'audio.speech',
    method: 'POST',
    path: /^\/openai\/v1\/audio\/speech$/,
    capability: 'speech',
    body: 'json',
  },
] as const satisfies readonly Endpoint[]

export type GroqEndpointName = (typeof GROQ_ENDPOINTS)[number]['name']

export const GROQ_DENIED: Provider['denied'] = [
  // C38: things every app on the key could meet.
  ...denyBelow('/openai/v1/files', '/openai/v1/batches', '/openai/v1/fine_tuning'),
  ...denyBelow('/openai/v1/fine_tunings'),
  { path: /^\/openai\/v1\/responses\/.+$/ },
  { method: 'DELETE', path: /^\/openai\/v1\/models\/.+$/ },
]
