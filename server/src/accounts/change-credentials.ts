import { WalletError, type CredentialsRequest } from '@valetkey/wallet/protocol'
import { openSession } from '../auth/session.ts'
import type { Account } from '../database/tables.ts'
import type { Server } from '../server.ts'
import { lockAccount } from '../stores/accounts.ts'
import { inTransaction } from '../stores/queries.ts'
import { endSessionsOfAccount } from '../stores/sessions.ts'
import { findHead, hasOlderWrap } from '../stores/vault.ts'
import { applyPush, stateOf } from '../sync/apply-push.ts'
import { checkPush, readHead, type VaultState } from '../sync/check-push.ts'
import { assertBase } from '../sync/push.ts'
import { proveAccount } from './proof.ts'
import { credentialColumns } from './register.ts'

/**
 * A new passphrase, or a new epoch with everything that belongs to it. All sessions end; the writer gets
 * a new one.
 * @throws `sync.conflict`, `request.unprocessable`
 */
export async function changeCredentials(
  server: Server,
  body: CredentialsRequest,
): Promise<{ token: string; expiresAt: number }> {
  const { by } = await proveAccount(server, 'credentials', body)
  const { accountId } = body
  const { head, hash } = readHead(body.head)
  const changes = [...body.wraps, ...body.changes]
  const session = await inTransaction(server.database, async (queries) => {
    const account = await lockAccount(server.database, queries, accountId)
    if (!account || (await findHead(queries, accountId, hash))) throw new WalletError('auth.failed')
    assertBase(account, body.base)
    const state = stateOf(account)
    const push = checkPush(state, { ...body, changes }, { opensEpoch: true })
    const opens = head.epoch > state.epoch
    if (by === 'recovery' && !(opens && replacesEverything(account, state, body))) throw refused()
    // Who was removed knew the root key and the identity: both are new, or the removal is none.
    if (!opens && removesSomebody(state, body)) throw refused()
    const { recoveryKey } = body
    // An epoch has wraps of its own, and so a kit of its own.
    if (opens && recoveryKey === undefined) throw refused()
    const credentials = {
      ...credentialColumns(body),
      ...(recoveryKey !== undefined && { recovery_key: recoveryKey }),
    }
    await applyPush(queries, account, push, { now: server.clock(), credentials })
    if (opens && (await hasOlderWrap(queries, accountId, head.epoch))) throw refused()
    await endSessionsOfAccount(queries, accountId)
    return openSession(server, queries, { accountId, deviceId: head.writerDeviceId })
  })
  const devices = body.devices.devices.map(({ id }) => id)
  server.bus.publish(accountId, { type: 'devices', seq: head.seq, devices })
  return session
}

/** C82: who holds the recovery key may replace all of it, and no less. */
function replacesEverything(
  account: Account,
  state: VaultState,
  body: CredentialsRequest,
): boolean {
  const before = new Set(state.devices.devices.flatMap(({ id, ed25519 }) => [id, ed25519]))
  return (
    body.salt !== account.salt &&
    body.accountKey !== account.account_key &&
    body.recoveryKey !== account.recovery_key &&
    body.devices.identity !== state.devices.identity &&
    body.devices.devices.every(({ id, ed25519 }) => !before.has(id) && !before.has(ed25519))
  )
}

function removesSomebody(state: VaultState, body: CredentialsRequest): boolean {
  const after = new Set(body.devices.devices.map(({ id }) => id))
  return state.devices.devices.some(({ id }) => !after.has(id))
}

function refused(): WalletError {
  return new WalletError('request.unprocessable')
}
