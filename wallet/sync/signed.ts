/** What is signed, one form for each purpose (formats §5b). Each function gives the exact bytes. */
import { canonicalJson, fromBase64url, type JsonObject, type JsonValue } from '../protocol/index.ts'
import { concat, label, u64, utf8, type Bytes } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'

/** The account and the server a proof is for: at another server it is worth nothing. */
export interface ProofPlace {
  /** base64url */
  readonly accountId: string
  /** `https://sync.example` */
  readonly serverOrigin: string
}

/** H(canonical body) of a body without its top-level `signatures`. @throws `request.invalid` */
export function bodyHash(body: JsonObject): Bytes {
  const covered = Object.entries(body).filter(([name]) => name !== 'signatures')
  return sha256(utf8(canonicalJson(Object.fromEntries(covered))))
}

/** A body of the protocol, to be hashed: members that are undefined are left out, as they are on the wire. */
export function asJson(body: object): JsonObject {
  return body as JsonObject
}

/** Signed by ASK and by the first device. */
export function registerMessage(place: ProofPlace, body: JsonObject): Bytes {
  return concat(label('register', ...placeParts(place)), bodyHash(body))
}

/** Signed by the device at `t`, Unix milliseconds. */
export function loginMessage(
  place: ProofPlace,
  proof: { readonly deviceId: string; readonly challenge: Uint8Array; readonly t: number },
): Bytes {
  const parts = [...placeParts(place), fromBase64url(proof.deviceId), proof.challenge]
  return concat(label('login', ...parts), u64(proof.t))
}

/** ASK signs `credentials`, `delete` and `device`; RAK `recovery`, and the `credentials` that completes it. */
export type AccountOperation = 'credentials' | 'delete' | 'device' | 'recovery'

export function accountMessage(
  place: ProofPlace,
  operation: AccountOperation,
  body: JsonObject,
  challenge: Uint8Array,
): Bytes {
  return concat(label('account', ...placeParts(place), utf8(operation)), bodyHash(body), challenge)
}

/** Signed by the device that opens the live channel. */
export function liveMessage(
  place: ProofPlace,
  proof: {
    readonly deviceId: string
    readonly connId: Uint8Array
    readonly challenge: Uint8Array
    readonly t: number
  },
): Bytes {
  const { deviceId, connId, challenge, t } = proof
  const parts = [...placeParts(place), fromBase64url(deviceId), connId, challenge]
  return concat(label('live', ...parts), u64(t))
}

/** Signed by the old device of a pairing. */
export function pairMessage(pairingId: string, transcriptHash: Uint8Array): Bytes {
  return concat(label('pair', fromBase64url(pairingId)), transcriptHash)
}

/** Signed by the device that made the call. */
export function receiptMessage(grant: string, receipt: JsonObject): Bytes {
  return concat(label('receipt', fromBase64url(grant)), utf8(canonicalJson(receipt)))
}

/** Signed by the device where the person agreed to link an app. */
export function linkMessage(
  session: { readonly id: string; readonly clientId: string; readonly appOrigin: string },
  stub: JsonObject,
): Bytes {
  const parts = [fromBase64url(session.id), utf8(session.clientId), utf8(session.appOrigin)]
  return concat(label('link', ...parts), sha256(utf8(canonicalJson(stub))))
}

/** Signed by the device where the person agreed. */
export function authorizeMessage(
  request: { readonly id: Uint8Array; readonly clientId: string; readonly redirectUri: string },
  details: JsonValue,
): Bytes {
  const parts = [request.id, utf8(request.clientId), utf8(request.redirectUri)]
  return concat(label('authorize', ...parts), sha256(utf8(canonicalJson(details))))
}

/** What both sides of a pairing hash; its first 66 bits are the six words. */
export interface PairingTranscript {
  /** base64url */
  readonly pairingId: string
  readonly commit: Uint8Array
  readonly oldPk: Uint8Array
  readonly oldNonce: Uint8Array
  readonly newPk: Uint8Array
  readonly newNonce: Uint8Array
}

export function pairingTranscriptHash(transcript: PairingTranscript): Bytes {
  const { pairingId, commit, oldPk, oldNonce, newPk, newNonce } = transcript
  const parts = [fromBase64url(pairingId), commit, oldPk, oldNonce, newPk, newNonce]
  return sha256(label('pairing', ...parts))
}

/** What the new device shows first, so that it cannot choose its key after it saw the other's. */
export function pairingCommit(newPk: Uint8Array, newNonce: Uint8Array): Bytes {
  return sha256(label('pairing-commit', newPk, newNonce))
}

function placeParts({ accountId, serverOrigin }: ProofPlace): readonly Bytes[] {
  return [fromBase64url(accountId), utf8(serverOrigin)]
}
