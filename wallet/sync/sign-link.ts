import { sign } from '../crypto/signing.ts'
import {
  fromBase64url,
  toBase64url,
  type GrantStub,
  type LinkDetails,
  type OAuthApproval,
  type OAuthDetails,
} from '../protocol/index.ts'
import type { DeviceProof } from './server-client.ts'
import { asJson, authorizeMessage, linkMessage } from './signed.ts'

/** The device's word that the person agreed to this session, this app, this origin and this stub (formats §5b). */
export function signLinkApproval(
  { seed }: Pick<DeviceProof, 'seed'>,
  { sessionId, app }: LinkDetails,
  stub: GrantStub,
): string {
  const session = { id: sessionId, clientId: app.clientId, appOrigin: app.origin }
  return toBase64url(sign(seed, linkMessage(session, { ...stub })))
}

/**
 * The device's word that the person agreed to this request, this app, this address to go back to, these
 * details and this stub (formats §5b).
 */
export function signAuthorization(
  { seed }: Pick<DeviceProof, 'seed'>,
  { client, redirectUri }: Pick<OAuthDetails, 'client' | 'redirectUri'>,
  { requestId, details, stub }: Omit<OAuthApproval, 'sig'>,
): string {
  const request = {
    ...{ id: fromBase64url(requestId), clientId: client.clientId },
    redirectUri: redirectUri ?? '',
  }
  return toBase64url(sign(seed, authorizeMessage(request, asJson([...details, stub]))))
}
