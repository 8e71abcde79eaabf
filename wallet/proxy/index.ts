export type {
  CallReply,
  Caller,
  Credential,
  IndexedSite,
  OpenedKey,
  PageCall,
  Question,
} from './call.ts'
export { forward, type Forward, type OutgoingRequest } from './forward.ts'
export { noteSeen, type SeenValetKey } from './note-seen.ts'
export type { CallVault, KeyTurns, ProxyPorts } from './ports.ts'
export { providerTime } from './provider-time.ts'
export { refuse } from './refusal.ts'
export { runCall } from './run-call.ts'
export { testKey } from './test-key.ts'
export { withLimit } from './time-limit.ts'
export { credentialHash } from './credential-hash.ts'
export { runRelayedCall } from './run-relayed-call.ts'
export { runSocket, type SocketReply } from './run-socket.ts'
export type {
  DialSocket,
  OutgoingSocket,
  PageSocket,
  SocketData,
  SocketEnd,
  SocketHandle,
  SocketListener,
  SocketPorts,
} from './socket-ports.ts'
export { estimateInjected } from './estimate-injected.ts'
export {
  CREDENTIAL_HEADERS,
  assertInjectable,
  injectRules,
  ruleOf,
  withoutLimits,
  type InjectRule,
} from './inject-rules.ts'
