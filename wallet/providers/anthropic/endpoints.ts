import { denyBelow } from '../formats/endpoint-rules.ts'
import type { Endpoint, Provider } from '../provider.ts'

export const ANTHROPIC_ENDPOINTS = [
  {
    name: 'models',
    method: 'GET',
    path: /^\/v1\/models(?:\/[A-Za-z0-9._:-]+)?$/,
    capability: 'models',
    body: 'none',
  },
  {
    name: 'messages',
    method: 'POST',
    path: /^\/v1\/messages$/,
    capability: 'chat',
    body: 'json',
  },
  {
    name: 'messages.count_tokens',
    method: 'POST',
    path: /^\/v1\/messages\/count_tokens$/,
    capability: 'tokens',
    body: 'json',
  },
  {
    name: 'complete',
    method: 'POST',
    path: /^\/v1\/complete$/,
    capability: 'chat',
    body: 'json',
  },
  {
    name: 'chat.completions',
    method: 'POST',
    path: /^\/v1\/chat\/completions$/,
    capability: 'chat',
    body: 'json',
    // The layer for OpenAI's SDKs takes the key where they put it.
    auth: { header: 'authorization', prefix: 'Bearer ' },
  },
] as const satisfies readonly Endpoint[]

export type AnthropicEndpointName = (typeof ANTHROPIC_ENDPOINTS)[number]['name']

export const ANTHROPIC_DENIED: Provider['denied'] = [
  // C37: the account itself.
  ...denyBelow('/v1/organizations', '/v1/user_profiles', '/v1/oauth'),
  // C38: things every app on the key could meet.
  ...denyBelow('/v1/files', '/v1/messages/batches', '/v1/skills', '/v1/agents', '/v1/sessions'),
  ...denyBelow('/v1/environments', '/v1/vaults', '/v1/memory_stores', '/v1/deployments'),
  ...denyBelow('/v1/deployment_runs', '/v1/dreams', '/v1/tunnels'),
]
