/**
 * The proof beside every request of a device: HTTP Message Signatures (RFC 9421) in one fixed profile,
 * and nothing else.
 *
 *   Content-Digest:  sha-256=:<base64 of SHA-256(body)>:
 *   Signature-Input: vk=("@method" "@target-uri" "content-digest" "authorization");created=<s>;nonce="<22>";keyid="<device id>";alg="ed25519"
 *   Signature:       vk=:<base64 of 64 bytes>:
 */
import { fromBase64url, toBase64url, type Random } from '../protocol/index.ts'
import { utf8, type Bytes } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { drawBytes } from '../crypto/random.ts'
import { sign } from '../crypto/signing.ts'

const COVERED = '("@method" "@target-uri" "content-digest" "authorization")'
const INPUT =
  /^vk=(\("@method" "@target-uri" "content-digest" "authorization"\);created=(\d{1,12});nonce="([A-Za-z0-9_-]{21}[AQgw])";keyid="([A-Za-z0-9_-]{21}[AQgw])";alg="ed25519")$/
const SIGNATURE = /^vk=:([A-Za-z0-9+/]{86}==):$/

/** A clock may be off by so much, either way. */
export const PROOF_SKEW_MS = 5 * 60_000

export interface ProvenRequest {
  readonly method: string
  /** The whole address, as the client wrote it. */
  readonly targetUri: string
  readonly body: Uint8Array
  /** `Bearer vk_ds_…` */
  readonly authorization: string
}

export interface RequestProof {
  /** Unix seconds. */
  readonly created: number
  readonly nonce: string
  readonly deviceId: string
  readonly signature: Bytes
  /** The bytes that were signed. */
  readonly message: Bytes
}

/** The headers to send with a request, `authorization` among them. */
export function proveRequest(
  request: ProvenRequest,
  device: { readonly deviceId: string; readonly seed: Uint8Array },
  nowMs: number,
  random: Random,
): Record<'authorization' | 'content-digest' | 'signature-input' | 'signature', string> {
  const created = Math.floor(nowMs / 1000)
  const nonce = toBase64url(drawBytes(random, 16))
  const params = `${COVERED};created=${created};nonce="${nonce}";keyid="${device.deviceId}";alg="ed25519"`
  const digest = contentDigest(request.body)
  const signature = sign(device.seed, signatureBase(request, digest, params))
  return {
    authorization: request.authorization,
    'content-digest': digest,
    'signature-input': `vk=${params}`,
    signature: `vk=:${toBase64(signature)}:`,
  }
}

/**
 * The proof these headers carry, or null: another digest, another profile, or none. Not yet verified.
 * @param hash SHA-256, where the caller has a faster one
 */
export function readProof(
  request: ProvenRequest,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  hash: (bytes: Uint8Array) => Uint8Array = sha256,
): RequestProof | null {
  const digest = headers['content-digest']
  const input = INPUT.exec(text(headers['signature-input']))
  const signed = SIGNATURE.exec(text(headers['signature']))
  if (!input || !signed || digest !== contentDigest(request.body, hash)) return null
  const [, params = '', created, nonce = '', deviceId = ''] = input
  const signature = fromBase64(signed[1] ?? '')
  if (!signature) return null
  const message = signatureBase(request, digest, params)
  return { created: Number(created), nonce, deviceId, signature, message }
}

/** RFC 9530 §2. */
export function contentDigest(
  body: Uint8Array,
  hash: (bytes: Uint8Array) => Uint8Array = sha256,
): string {
  return `sha-256=:${toBase64(hash(body))}:`
}

/** RFC 9421 §2.5. */
function signatureBase(request: ProvenRequest, digest: string, params: string): Bytes {
  return utf8(
    [
      `"@method": ${request.method}`,
      `"@target-uri": ${request.targetUri}`,
      `"content-digest": ${digest}`,
      `"authorization": ${request.authorization}`,
      `"@signature-params": ${params}`,
    ].join('\n'),
  )
}

function text(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : ''
}

function toBase64(bytes: Uint8Array): string {
  const unpadded = toBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return unpadded.padEnd(Math.ceil(unpadded.length / 4) * 4, '=')
}

function fromBase64(padded: string): Bytes | null {
  try {
    return fromBase64url(padded.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))
  } catch {
    return null
  }
}
