export { parseCallUrl } from './call-url.ts'
export { PROVIDERS, providerById, providerOfHost } from './catalogue.ts'
export type { KeyHeader } from './key-header.ts'
export { matchEndpoint, matchSocket, type EndpointMatch } from './match-endpoint.ts'
export type {
  CallFacts,
  Endpoint,
  KeyPattern,
  PreparedBody,
  Provider,
  UsageReader,
} from './provider.ts'
export { recogniseKey, type RecognisedKey } from './recognise-key.ts'
export type { SocketAsk, SocketEndpoint, SocketSession, SocketSpending } from './socket-endpoint.ts'
