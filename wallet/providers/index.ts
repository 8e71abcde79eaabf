export { judgeBase, liesAt, type BaseReach, type BaseRefusal, type JudgedBase } from './base-url.ts'
export { parseCallUrl } from './call-url.ts'
export { offers } from './offers.ts'
export { PROVIDERS, providerById, providerOfHost } from './catalogue.ts'
export type { KeyHeader } from './key-header.ts'
export { matchEndpoint, matchSocket, type EndpointMatch } from './match-endpoint.ts'
export { isSamePlace, placeProvider } from './place-provider.ts'
export type {
  CallFacts,
  Endpoint,
  KeyPattern,
  PreparedBody,
  Provider,
  UsageMark,
  UsageReader,
} from './provider.ts'
export { recogniseKey, type RecognisedKey } from './recognise-key.ts'
export type { SocketAsk, SocketEndpoint, SocketSession, SocketSpending } from './socket-endpoint.ts'
