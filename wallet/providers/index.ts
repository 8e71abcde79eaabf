export { parseCallUrl } from './call-url.ts'
export { PROVIDERS, providerById, providerOfHost } from './catalogue.ts'
export { matchEndpoint, type EndpointMatch } from './match-endpoint.ts'
export type {
  CallFacts,
  Endpoint,
  KeyHeader,
  KeyPattern,
  PreparedBody,
  Provider,
  UsageReader,
} from './provider.ts'
export { recogniseKey, type RecognisedKey } from './recognise-key.ts'
