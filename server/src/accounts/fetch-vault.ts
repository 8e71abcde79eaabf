import { WalletError, type FetchVaultRequest, type PullReply } from '@valetkey/wallet/protocol'
import type { Server } from '../server.ts'
import { markRecovered } from '../stores/accounts.ts'
import { pull } from '../sync/pull.ts'
import { proveAccount } from './proof.ts'

/** The vault, for who holds the recovery key alone. Every device is told. */
export async function fetchForRecovery(
  server: Server,
  body: FetchVaultRequest,
): Promise<PullReply> {
  const { account, by } = await proveAccount(server, 'recovery', body)
  if (by !== 'recovery') throw new WalletError('auth.failed')
  await markRecovered(server.database.queries, account.id, server.clock())
  server.bus.publish(account.id, { type: 'recovered', seq: account.seq })
  return pull(server, { accountId: account.id, cursor: body.cursor })
}

/** The vault, for a device that has passphrase and Secret Key and wants to be on the list. */
export async function fetchForEnrolment(
  server: Server,
  body: FetchVaultRequest,
): Promise<PullReply> {
  const { account, by } = await proveAccount(server, 'device', body)
  if (by !== 'account') throw new WalletError('auth.failed')
  return pull(server, { accountId: account.id, cursor: body.cursor })
}
