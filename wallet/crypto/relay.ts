/** What the app's end of a sealed call needs, apart from the rest of this room. */
export { concat, lp, readU32, type Bytes } from './bytes.ts'
export { relayKeyMessage } from './relay-messages.ts'
export {
  sealRelayRequest,
  startRelayExchange,
  type ChunkOpener,
  type RelayExchange,
  type RelayRequestHead,
} from './relay-sealing.ts'
export { createSigner } from './platform-signing.ts'
export { signingPublicKey, verifySignature } from './signing.ts'
