import { createDialectProvider } from '../formats/dialect.ts'
import { denyBelow } from '../formats/endpoint-rules.ts'
import { KEY_PATTERNS } from '../key-patterns.ts'

export const perplexity = createDialectProvider({
  id: 'perplexity',
  name: 'Perplexity',
  hosts: ['api.perplexity.ai'],
  base: '/v1/',
  forwardHeaders: ['x-title', 'x-source'],
  endpoints: [
    'models',
    'responses',
    { kind: 'responses', name: 'agent', path: /^\/v1\/agent$/ },
    { kind: 'chat', path: /^\/(?:v1\/)?chat\/completions$/ },
    { kind: 'chat', name: 'sonar', path: /^\/v1\/sonar$/ },
    'embeddings',
  ],
  denied: [
    // A minted token would be spent unmetered.
    ...denyBelow('/generate_auth_token', '/revoke_auth_token', '/async', '/v1/async', '/v1/files'),
    // A search has a fee and no model.
    ...denyBelow('/search', '/v1/search'),
    { path: /^\/v1\/(?:agent|responses)\/.+$/ },
  ],
  // Every model of its own searches, and each search has a fee.
  searching: /^(?!r1-)/,
  keyPatterns: KEY_PATTERNS.perplexity,
  envNames: ['PERPLEXITY_API_KEY', 'PPLX_API_KEY'],
  valetKeyShapes: ['pplx-48'],
  keyCheck: { method: 'GET', path: '/v1/models' },
  keyPageUrl: 'https://console.perplexity.ai',
  models: ['sonar-pro', 'sonar', 'sonar-reasoning-pro', 'sonar-deep-research'],
})
