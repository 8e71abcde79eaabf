import { WalletError, type ChangeDevicesRequest } from '@valetkey/wallet/protocol'
import type { DeviceSession } from '../auth/session.ts'
import type { Server } from '../server.ts'
import { lockAccount } from '../stores/accounts.ts'
import { inTransaction } from '../stores/queries.ts'
import { findHead } from '../stores/vault.ts'
import { applyPush, stateOf } from '../sync/apply-push.ts'
import { checkPush, readHead, type VaultState } from '../sync/check-push.ts'
import { assertBase } from '../sync/push.ts'
import { proveAccount } from './proof.ts'

/** Who a change of the list is by: a device of the account, or ASK for a device that is not on it yet. */
export async function proveNewDevice(
  server: Server,
  body: ChangeDevicesRequest,
): Promise<DeviceSession> {
  const { accountId, challenge, signatures } = body
  if (challenge === undefined || signatures === undefined) throw new WalletError('auth.failed')
  await proveAccount(server, 'device', { ...body, challenge, signatures })
  const { head } = readHead(body.head)
  return { accountId, deviceId: head.writerDeviceId }
}

/**
 * A new device list under the same identity.
 * @param removes the device that must be missing; absent: none may be
 * @throws `sync.conflict`, `request.unprocessable`
 */
export async function changeDevices(
  server: Server,
  session: DeviceSession,
  body: ChangeDevicesRequest,
  removes?: string,
): Promise<{ seq: number }> {
  const { head, hash } = readHead(body.head)
  const isOwn = body.accountId === session.accountId && head.writerDeviceId === session.deviceId
  if (!isOwn) throw new WalletError('auth.forbidden')
  const isNew = await inTransaction(server.database, async (queries) => {
    const account = await lockAccount(server.database, queries, session.accountId)
    if (!account) throw new WalletError('auth.failed')
    if (await findHead(queries, account.id, hash)) return false
    assertBase(account, body.base)
    const state = stateOf(account)
    assertMembers(state, body, removes)
    await applyPush(queries, account, checkPush(state, body), { now: server.clock() })
    return true
  })
  if (isNew) {
    const devices = body.devices.devices.map(({ id }) => id)
    server.bus.publish(session.accountId, { type: 'devices', seq: head.seq, devices })
  }
  return { seq: head.seq }
}

function assertMembers(state: VaultState, body: ChangeDevicesRequest, removes?: string): void {
  const after = new Set(body.devices.devices.map(({ id }) => id))
  const gone = state.devices.devices.map(({ id }) => id).filter((id) => !after.has(id))
  const expected = removes === undefined ? [] : [removes]
  const same = gone.length === expected.length && gone.every((id, index) => id === expected[index])
  // Another identity opens an epoch: POST /v1/account/credentials.
  if (!same || body.devices.identity !== state.devices.identity) {
    throw new WalletError('request.unprocessable')
  }
}
