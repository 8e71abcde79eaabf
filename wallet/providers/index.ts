export { parseCallUrl } from './call-url.ts'
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
