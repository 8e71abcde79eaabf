/** What both sides of the wire need: no store, no network, nothing that opens an envelope. A server may import it. */
export {
  certifyDevice,
  deviceMessage,
  devicesFault,
  devicesHash,
  epochKeysHash,
  identityMessage,
  linkIdentity,
  type DevicesCheck,
  type DevicesFault,
} from './devices.ts'
export {
  HEAD_BYTES,
  NO_HEAD,
  decodeHead,
  encodeHead,
  headFault,
  headHash,
  headMessage,
  headSignatureFault,
  signHead,
  signedHeadOf,
  type Head,
  type HeadCheck,
  type HeadFault,
  type SignedHead,
  type TrustedHead,
} from './head.ts'
export {
  compareBytes,
  leafHash,
  merkleRoot,
  rootOfLeaves,
  treeRows,
  type TreeRow,
} from './merkle-root.ts'
export {
  SERVER_TOKEN_KINDS,
  createClientId,
  createServerToken,
  formatServerToken,
  parseServerToken,
  type ServerToken,
  type ServerTokenFault,
  type ServerTokenKind,
} from './server-tokens.ts'
export {
  accountMessage,
  authorizeMessage,
  bodyHash,
  linkMessage,
  liveMessage,
  loginMessage,
  pairMessage,
  pairingCommit,
  pairingTranscriptHash,
  receiptMessage,
  registerMessage,
  type AccountOperation,
  type PairingTranscript,
  type ProofPlace,
} from './signed.ts'
export {
  PROOF_SKEW_MS,
  contentDigest,
  proveRequest,
  readProof,
  type ProvenRequest,
  type RequestProof,
} from './request-proof.ts'
export { relayKeyMessage, relayRequestMessage } from '../crypto/relay-messages.ts'
