import { WalletError, type PushRequest } from '@valetkey/wallet/protocol'
import type { DeviceSession } from '../auth/session.ts'
import type { Account } from '../database/tables.ts'
import type { Server } from '../server.ts'
import { lockAccount } from '../stores/accounts.ts'
import { inTransaction } from '../stores/queries.ts'
import { findHead } from '../stores/vault.ts'
import { applyPush, stateOf } from './apply-push.ts'
import { checkPush, readHead } from './check-push.ts'

/**
 * One push in one transaction. The head is the idempotency key: a push whose reply was lost is sent
 * again as it was, and answered as it was.
 * @throws `sync.conflict` with the head to build on
 */
export async function push(
  server: Server,
  session: DeviceSession,
  request: PushRequest,
): Promise<{ seq: number }> {
  await server.limits.take('pushes', session.accountId)
  const { head, hash } = readHead(request.head)
  if (head.writerDeviceId !== session.deviceId) throw new WalletError('auth.forbidden')
  const { seq, isNew } = await inTransaction(server.database, async (queries) => {
    const account = await lockAccount(server.database, queries, session.accountId)
    if (!account) throw new WalletError('auth.failed')
    const known = await findHead(queries, account.id, hash)
    if (known) return { seq: known.seq, isNew: false }
    assertBase(account, request.base)
    const state = stateOf(account)
    // Who may write is changed by other calls, which say so.
    if (request.devices && changesMembers(state.devices, request.devices)) {
      throw new WalletError('request.unprocessable')
    }
    await applyPush(queries, account, checkPush(state, request), { now: server.clock() })
    return { seq: head.seq, isNew: true }
  })
  if (isNew) server.bus.publish(session.accountId, { type: 'head', seq })
  return { seq }
}

/** @throws `sync.conflict` with the head the server has */
export function assertBase(account: Account, base: string): void {
  if (account.head_hash === base) return
  throw new WalletError('sync.conflict', { head: account.head, sig: account.sig })
}

type Devices = ReturnType<typeof stateOf>['devices']

function changesMembers(before: Devices, after: Devices): boolean {
  const text = ({ identity, devices }: Devices) =>
    JSON.stringify([identity, devices.map(({ id, ed25519, x25519 }) => [id, ed25519, x25519])])
  return text(before) !== text(after)
}
