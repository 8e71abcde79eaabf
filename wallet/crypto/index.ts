export {
  canonicalBytes,
  concat,
  equalBytes,
  label,
  lp,
  nfcBytes,
  passphraseBytes,
  u16,
  u32,
  u64,
  u8,
  utf8,
  type Bytes,
} from './bytes.ts'
export {
  envelopeEpoch,
  openEnvelope,
  sealEnvelope,
  type EnvelopeRow,
  type EnvelopeType,
  type Opening,
  type Sealing,
  type WrapMethod,
} from './envelope.ts'
export { hkdfExpand, hkdfExtract, sha256 } from './hash.ts'
export { formatHlc, nextHlc } from './hlc.ts'
export {
  hpkeOpenContent,
  hpkeSealContent,
  openEpochKey,
  sealEpochKey,
  type EpochSecrets,
  type EpochKeyPlace,
  type HpkeSealed,
} from './hpke.ts'
export { KDF_DEFAULT, assertKdfParams, type KdfParams } from './kdf-params.ts'
export {
  deriveAccountSeed,
  deriveEpochKey,
  derivePasskeyWrapKey,
  deriveRecoveryAccountSeed,
  deriveRecoveryWrapKey,
  deriveUnlockKey,
  deriveUnlockRoot,
  passkeyPrfInputs,
  type PrfOutputs,
} from './key-schedule.ts'
export { checkedRandom, drawBytes, drawIndex } from './random.ts'
export { RECOVERY_KEY_BYTES, formatRecoveryKey, parseRecoveryKey } from './recovery-key.ts'
export { SECRET_KEY_BYTES, formatSecretKey, parseSecretKey } from './secret-key.ts'
export { relayKeyMessage, relayRequestMessage } from './relay-messages.ts'
export {
  openRelayReply,
  openRelayRequest,
  sealRelayRequest,
  type ChunkOpener,
  type ChunkSealer,
  type OpenedRelayRequest,
  type RelayPlace,
  type RelayRequestHead,
  type SealedRelayRequest,
} from './relay-sealing.ts'
export {
  createKeySeed,
  exchangePublicKey,
  isCanonicalSignature,
  isSigningKey,
  sign,
  signingPublicKey,
  verifySignature,
  type VerifySignature,
} from './signing.ts'
export { openWrap, sealWrap, type RootKeyEntry } from './wrap.ts'
