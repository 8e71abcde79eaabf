import type { DeviceEntry } from '@valetkey/wallet/protocol'
import type { Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Queries } from './queries.ts'

/** A device that was not seen for so long holds no tombstone back. */
const ACTIVE_MS = 180 * 24 * 60 * 60_000
/** Being seen is written down once an hour: a pull need not wait for the disk. */
const SEEN_STEP_MS = 60 * 60_000

export type Device = Selectable<Tables['devices']>

export function findDevice(
  queries: Queries,
  accountId: string,
  deviceId: string,
): Promise<Device | undefined> {
  return queries
    .selectFrom('devices')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('device_id', '=', deviceId)
    .executeTakeFirst()
}

export function listDevices(queries: Queries, accountId: string): Promise<Device[]> {
  return queries
    .selectFrom('devices')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('device_id')
    .execute()
}

/** The list as the document has it: who is gone is gone with all sessions. */
export async function replaceDevices(
  queries: Queries,
  accountId: string,
  entries: readonly DeviceEntry[],
  now: number,
): Promise<void> {
  const ids = entries.map(({ id }) => id)
  const gone = (table: 'devices' | 'sessions') =>
    queries
      .deleteFrom(table)
      .where('account_id', '=', accountId)
      .where('device_id', 'not in', ids)
      .execute()
  await gone('sessions')
  await gone('devices')
  await queries
    .insertInto('devices')
    .values(
      entries.map(({ id, ed25519 }) => ({
        account_id: accountId,
        device_id: id,
        ed25519,
        acked_seq: 0,
        seen_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'device_id'])
        .doUpdateSet((excluded) => ({ ed25519: excluded.ref('excluded.ed25519') })),
    )
    .execute()
}

/** Writes down what a device has, if that is news. */
export async function noteSeen(queries: Queries, device: Device): Promise<void> {
  await queries
    .updateTable('devices')
    .set({ acked_seq: device.acked_seq, seen_at: device.seen_at })
    .where('account_id', '=', device.account_id)
    .where('device_id', '=', device.device_id)
    .where((or) =>
      or.or([
        or('acked_seq', '<', device.acked_seq),
        or('seen_at', '<', device.seen_at - SEEN_STEP_MS),
      ]),
    )
    .execute()
}

/** The seq every active device has. */
export function floorOf(devices: readonly Device[], now: number): number {
  const active = devices.filter(({ seen_at }) => now - seen_at < ACTIVE_MS)
  return active.length === 0 ? 0 : Math.min(...active.map(({ acked_seq }) => acked_seq))
}
