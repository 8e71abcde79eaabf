export { judgeBase, liesAt, type BaseReach, type BaseRefusal, type JudgedBase } from './base-url.ts'
export { parseCallUrl } from './call-url.ts'
export { PROVIDERS, providerById, providerOfHost } from './catalogue.ts'
export { isSamePlace, placeProvider } from './place-provider.ts'
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
