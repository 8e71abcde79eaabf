/** The person's yes, told to the server: what stands there of a grant, signed by this device (protocols §3). */
import { signingPublicKey } from '../crypto/signing.ts'
import {
  WalletError,
  fromBase64url,
  toBase64url,
  type GrantId,
  type GrantRelay,
  type GrantStub,
  type Terms,
} from '../protocol/index.ts'
import { signAuthorization, signLinkApproval, type LinkedDevice } from '../sync/index.ts'
import { isByOAuth, type LinkWish } from './link-wish.ts'
import { checkRedirect, detailsOfTerms } from './oauth-request.ts'

export interface ToldGrant {
  readonly id: GrantId
  readonly relay: GrantRelay
  readonly terms: Terms
}

/**
 * @returns what the wallet hands on: the public token for the page that asked, or where its tab goes; null
 * where a code was typed: the program that showed it asks the server
 * @throws as the server refuses; `protocol.invalid_message` for an answer that leads elsewhere
 */
export async function tellServer(
  device: LinkedDevice,
  wish: LinkWish,
  { id, relay, terms }: ToldGrant,
): Promise<string | null> {
  const walletKey = signingPublicKey(fromBase64url(relay.signingSeed))
  const stub: GrantStub = {
    ...{ grant: id, walletKey: toBase64url(walletKey), expiresAt: terms.expiresAt },
    sealed: terms.sealed ?? 'required',
  }
  if (!isByOAuth(wish)) {
    const { linkToken, details } = wish
    const sig = signLinkApproval(device.proof, details, stub)
    return (await device.session.authorizeLink({ linkToken, stub, sig })).publicToken
  }
  const { requestId, server, details: asked } = wish
  const approval = { requestId, stub, details: detailsOfTerms(terms) }
  const sig = signAuthorization(device.proof, asked, approval)
  const { redirectUri } = asked
  const answer = await device.session.authorize({ ...approval, sig })
  if (redirectUri === null) {
    if (answer !== null) throw new WalletError('protocol.invalid_message')
    return null
  }
  const redirect = checkRedirect(answer, { redirectUri, server }, 'code')
  // Past the server, so that the app knows the wallet's key from somebody else than whoever relays.
  redirect.searchParams.append('wallet_fpr', await fingerprintOf(walletKey))
  return redirect.href
}

async function fingerprintOf(walletKey: Uint8Array<ArrayBuffer>): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', walletKey)))
}
