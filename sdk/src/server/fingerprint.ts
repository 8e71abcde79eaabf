/** The wallet's key, held against the public token that came through the person's browser. */
import { fromBase64url, toBase64url } from './base64url.ts'
import { createError } from './errors.ts'
import type { LinkedWallet } from './types.ts'

/** @throws ValetKeyError `auth.failed` for a key of somebody who stands between */
export async function assertFingerprint(
  publicToken: string,
  { walletKey, walletFingerprint }: LinkedWallet,
): Promise<void> {
  const inToken = publicToken.slice(publicToken.indexOf('.') + 1)
  const hash = await crypto.subtle.digest('SHA-256', fromBase64url(walletKey))
  const ofKey = toBase64url(new Uint8Array(hash))
  if (inToken === ofKey && walletFingerprint === ofKey) return
  throw createError('auth.failed', {
    message: 'The server names another wallet key than the public token does.',
    action: 'Do not use this connection. Link again, and ask whoever runs the server.',
  })
}
