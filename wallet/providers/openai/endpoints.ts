import { denyBelow } from '../formats/endpoint-rules.ts'
import type { Endpoint, Provider } from '../provider.ts'

export const OPENAI_ENDPOINTS = [
  {
    name: 'models',
    method: 'GET',
    path: /^\/v1\/models(?:\/[A-Za-z0-9._:-]+)?$/,
    capability: 'models',
    body: 'none',
  },
  {
    name: 'chat.completions',
    method: 'POST',
    path: /^\/v1\/chat\/completions$/,
    capability: 'chat',
    body: 'json',
  },
  {
    name: 'responses',
    method: 'POST',
    path: /^\/v1\/responses$/,
    capability: 'chat',
    body: 'json',
  },
  {
    name: 'responses.input_tokens',
    method: 'POST',
    path: /^\/v1\/responses\/input_tokens$/,
    capability: 'tokens',
    body: 'json',
  },
  {
    name: 'completions',
    method: 'POST',
    path: /^\/v1\/completions$/,
    capability: 'chat',
    body: 'json',
  },
  {
    name: 'embeddings',
    method: 'POST',
    path: /^\/v1\/embeddings$/,
    capability: 'embedding',
    body: 'json',
  },
  {
    name: 'moderations',
    method: 'POST',
    path: /^\/v1\/moderations$/,
    capability: 'moderation',
    body: 'json',
  },
  {
    name: 'images.generations',
    method: 'POST',
    path: /^\/v1\/images\/generations$/,
    capability: 'image',
    body: 'json',
  },
  {
    name: 'images.edits',
    method: 'POST',
    path: /^\/v1\/images\/edits$/,
    capability: 'image',
    body: 'form',
  },
  {
    name: 'audio.speech',
    method: 'POST',
    path: /^\/v1\/audio\/speech$/,
    capability: 'speech',
    body: 'json',
  },
  {
    name: 'audio.transcriptions',
    method: 'POST',
    path: /^\/v1\/audio\/transcriptions$/,
    capability: 'transcription',
    body: 'form',
  },
  {
    name: 'audio.translations',
    method: 'POST',
    path: /^\/v1\/audio\/translations$/,
    capability: 'transcription',
    body: 'form',
  },
] as const satisfies readonly Endpoint[]

export type OpenAiEndpointName = (typeof OPENAI_ENDPOINTS)[number]['name']

export const OPENAI_DENIED: Provider['denied'] = [
  // C37: the account itself.
  ...denyBelow('/v1/organization', '/v1/projects', '/v1/me', '/v1/dashboard', '/dashboard'),
  // C38: things every app on the key could meet.
  ...denyBelow('/v1/files', '/v1/uploads', '/v1/fine_tuning', '/v1/batches', '/v1/assistants'),
  ...denyBelow('/v1/threads', '/v1/vector_stores', '/v1/containers', '/v1/conversations'),
  ...denyBelow('/v1/evals', '/v1/skills', '/v1/chatkit', '/v1/agents', '/v1/videos'),
  { path: /^\/v1\/responses\/(?!input_tokens$).+$/ },
  { path: /^\/v1\/chat\/completions\/.+$/ },
  { method: 'GET', path: /^\/v1\/chat\/completions$/ },
  { method: 'DELETE', path: /^\/v1\/models\/.+$/ },
  // Sockets have a table of their own, and minted client secrets would be spent unmetered.
  ...denyBelow('/v1/realtime'),
]
