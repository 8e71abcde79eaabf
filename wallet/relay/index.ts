export { createRelayOnce, type RelayOnce } from './once.ts'
export type { RelayConnection, RelayPorts, RelayReply, RelayedCall } from './ports.ts'
export { RelaySession } from './session.ts'
