/** For the server of an app: people's wallets answer its calls, by the relay of a ValetKey server. */
export { appKeyDocument, createAppKey } from './app-key.ts'
export type { BoundWallet } from './bound-wallet.ts'
export { ValetKeyClient } from './client.ts'
export type {
  AppKeyDocument,
  AppUsage,
  CallOptions,
  Connection,
  Connections,
  LinkSession,
  LinkSessionRequest,
  LinkedWallet,
  PassthroughInit,
  ServerChatRequest,
  UsageFigures,
  ValetKeyClientOptions,
  WalletChatRequest,
} from './types.ts'
