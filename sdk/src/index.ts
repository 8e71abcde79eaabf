export type { Chat, ChatChunk, ChatCompletion, ChatMessage, ChatRequest } from './chat.ts'
export { connect, reconnect, walletState, type WalletState } from './connect.ts'
export type { ConnectOptions } from './connect-options.ts'
export type {
  Budget,
  BudgetWindow,
  Capability,
  ConnectedGrant,
  GrantUsage,
  ProviderId,
  SessionStatus,
} from './grant.ts'
export { onWallet, type AnnouncedWallet } from './discovery.ts'
export type { Session, SessionEvent } from './session.ts'
export { ValetKeyError, isValetKeyError, type ErrorCode } from './valet-key-error.ts'
