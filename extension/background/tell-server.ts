/** The person's yes, told to the server: what stands there of a grant, signed by this device (protocols §3). */
import { signingPublicKey } from '@valetkey/wallet/crypto/signing'
import {
  WalletError,
  fromBase64url,
  toBase64url,
  type GrantId,
  type GrantRelay,
  type GrantStub,
  type LinkDetails,
  type OAuthDetails,
  type Terms,
} from '@valetkey/wallet/protocol'
import { signAuthorization, signLinkApproval } from '@valetkey/wallet/sync'
import type { ConnectWish } from '../adapters/consent-store.ts'
import { checkRedirect, detailsOfTerms } from './oauth-request.ts'
import type { LinkedDevice } from './server-link.ts'

/** What the app's server was told at the server, and what the person is shown. */
export type LinkWish = NonNullable<ConnectWish['link']>
/** Of an app that asked by OAuth, in a tab. */
export type OAuthWish = Extract<LinkWish, { requestId: string }>

export function isByOAuth(wish: LinkWish): wish is OAuthWish {
  return 'requestId' in wish
}

/** Its code was typed: no tab waits for an answer, and nothing but its name stands for it. */
export function isByCode(wish: LinkWish): boolean {
  return isByOAuth(wish) && wish.details.redirectUri === null
}

/** The app that asks, as it is registered at the server. */
export function appOf({ details }: LinkWish): LinkDetails['app'] | OAuthDetails['client'] {
  return 'app' in details ? details.app : details.client
}

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
