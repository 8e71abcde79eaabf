export {
  PROOF_SKEW_MS,
  contentDigest,
  proveRequest,
  readProof,
  HEAD_BYTES,
  NO_HEAD,
  SERVER_TOKEN_KINDS,
  accountMessage,
  authorizeMessage,
  bodyHash,
  certifyDevice,
  compareBytes,
  createClientId,
  createServerToken,
  decodeHead,
  deviceMessage,
  devicesFault,
  devicesHash,
  epochKeysHash,
  encodeHead,
  formatServerToken,
  headFault,
  headHash,
  headMessage,
  headSignatureFault,
  identityMessage,
  leafHash,
  linkIdentity,
  liveMessage,
  loginMessage,
  merkleRoot,
  pairMessage,
  pairingCommit,
  pairingTranscriptHash,
  parseServerToken,
  receiptMessage,
  registerMessage,
  rootOfLeaves,
  signHead,
  signedHeadOf,
  treeRows,
  type AccountOperation,
  type DevicesCheck,
  type DevicesFault,
  type Head,
  type HeadCheck,
  type HeadFault,
  type PairingTranscript,
  type ProofPlace,
  type ServerToken,
  type ServerTokenFault,
  type ServerTokenKind,
  type SignedHead,
  type TreeRow,
  type TrustedHead,
  type ProvenRequest,
  type RequestProof,
} from './formats.ts'
export type { ServerFetch } from './call-server.ts'
export {
  createDeviceSession,
  type DeviceSession,
  type DeviceSessionPorts,
  type SessionStore,
} from './device-session.ts'
export {
  DeviceSync,
  LOOK_AGAIN_MS,
  NEVER_SYNCED,
  SIGN_AGAIN_MS,
  syncRecordSchema,
  type DeviceSyncPorts,
  type SyncRecord,
} from './device-sync.ts'
export { LiveChannel, type LiveSocket, type RelayEnd } from './live-channel.ts'
export {
  ServerLink,
  chosenServerSchema,
  sessionInMemory,
  type ChosenServer,
  type LinkedDevice,
  type ServerLinkPorts,
} from './server-link.ts'
export { joinWithKit, type KitJoin, type KitJoinPorts } from './join-with-kit.ts'
export type { JoinedVault } from './joined-vault.ts'
export { headCode } from './head-code.ts'
export { signHello } from './live-hello.ts'
export { fetchAppKeys } from './app-keys.ts'
export { closeRelayAccount, openRelayAccount, type OpenedRelayAccount } from './relay-account.ts'
export { signAuthorization, signLinkApproval } from './sign-link.ts'
export { makePush } from './make-push.ts'
export type { OwnApps } from './own-apps.ts'
export {
  createServerClient,
  readServerOrigin,
  type DeviceProof,
  type ServerClient,
  type ServerClientPorts,
} from './server-client.ts'
export { synchronise, type SyncClientPorts, type SyncOutcome } from './sync-client.ts'
export { createSyncVault } from './sync-vault.ts'
export { evenPart } from './next-part.ts'
export type {
  LimitsPort,
  Outbox,
  SharedRow,
  SyncChange,
  SyncMemory,
  SyncServer,
  SyncState,
  SyncStore,
  SyncVault,
  SyncedRow,
} from './sync-ports.ts'
export { recoverHere, replaceVault, type RecoverHerePorts } from './recover-here.ts'
export { recoveryNoteSchema, type RecoveryNote, type RecoveryNotes } from './recovery-notes.ts'
export { recoverAccount, type AccountRecovery, type RecoveredAccount } from './recover-account.ts'
export { deleteAccount, moveAccount, type Move, type MovePorts } from './move-account.ts'
export {
  PAIRING_POLL_MS,
  beginPairing,
  joinByPairing,
  readPairingWords,
  type BegunPairing,
  type OfferedPairing,
} from './pair-new-device.ts'
export {
  claimPairing,
  confirmPairing,
  readPairedDevice,
  type ClaimedPairing,
  type ConfirmPorts,
  type OldPairingPorts,
  type RevealedPairing,
} from './pair-old-device.ts'
export { parseSyncMemory } from './stored-memory.ts'
export { signUp, type SignUp, type SignUpPorts, type SignedUp } from './sign-up.ts'
export { countWaiting } from './wire-rows.ts'
export {
  changeSyncedPassphrase,
  openEpoch,
  type CredentialsPorts,
  type EpochOpening,
  type OpenedEpoch,
} from './change-credentials.ts'
export { relayKeyMessage, relayRequestMessage } from '../crypto/relay-messages.ts'
