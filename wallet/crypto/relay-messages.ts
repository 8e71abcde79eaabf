/** What is signed for a relayed call (formats §5b). Each function gives the exact bytes. */
import { canonicalJson, fromBase64url } from '../protocol/index.ts'
import { concat, label, u64, utf8, type Bytes } from './bytes.ts'
import { sha256 } from './hash.ts'

/** Signed by the app, inside what it seals for a wallet. */
export function relayRequestMessage(
  request: {
    readonly enc: Uint8Array
    readonly walletKey: Uint8Array
    readonly grant: string
    readonly requestId: string
    readonly t: number
  },
  afterSignature: Uint8Array,
): Bytes {
  const { enc, walletKey, grant, requestId, t } = request
  const parts = [enc, walletKey, fromBase64url(grant), fromBase64url(requestId)]
  return concat(label('relay-request', ...parts), u64(t), sha256(afterSignature))
}

/** Signed by the grant's Ed25519 key for the X25519 key of a week. */
export function relayKeyMessage(
  grant: string,
  key: { readonly pk: string; readonly notBefore: number; readonly notAfter: number },
): Bytes {
  return concat(label('relay-key', fromBase64url(grant)), utf8(canonicalJson({ ...key })))
}
