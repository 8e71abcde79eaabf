export { createRelayOnce, type ClaimMemory, type KeptClaim, type RelayOnce } from './once.ts'
export type { RelayConnection, RelayPorts, RelayReply, RelayedCall } from './ports.ts'
export {
  createExchangeKey,
  liveExchangeKeys,
  renewExchangeKeys,
  signExchangeKey,
  type LiveExchangeKey,
} from './relay-keys.ts'
export { RelaySession } from './session.ts'
