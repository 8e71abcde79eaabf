import { WalletError, fromBase64url } from '@valetkey/wallet/protocol'
import { accountMessage, type AccountOperation } from '@valetkey/wallet/sync/formats'
import { takeChallenge } from '../auth/challenge.ts'
import { verifySignature } from '../auth/verify-signature.ts'
import type { Account } from '../database/tables.ts'
import type { Server } from '../server.ts'
import { findAccount } from '../stores/accounts.ts'

type Signatures = { readonly account: string } | { readonly recovery: string }

/**
 * What is signed by ASK, or by RAK where the operation allows it.
 * @returns which of the two signed
 * @throws `auth.failed`, the same and as late for an account that does not exist (C107)
 */
export async function proveAccount(
  server: Server,
  operation: AccountOperation,
  body: { readonly accountId: string; readonly challenge: string; readonly signatures: Signatures },
): Promise<{ account: Account; by: 'account' | 'recovery' }> {
  const { accountId, challenge, signatures } = body
  const account = await findAccount(server.database.queries, accountId)
  const by = 'account' in signatures ? 'account' : 'recovery'
  const signature = 'account' in signatures ? signatures.account : signatures.recovery
  const key = by === 'account' ? account?.account_key : account?.recovery_key
  const place = { accountId, serverOrigin: server.config.origin }
  // Bodies are parsed JSON, and the schemas that passed them leave nothing out.
  const message = accountMessage(place, operation, body, fromBase64url(challenge))
  const good = verifySignature(fromBase64url(key ?? NOBODY), message, fromBase64url(signature))
  const fresh = await takeChallenge(server, accountId, challenge)
  if (!good || !fresh || !account) throw new WalletError('auth.failed')
  return { account, by }
}

/** A key of no account (RFC 8032 §7.1), so that an unknown account takes as long to refuse as a known one. */
export const NOBODY = 'PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw'
