/** What a person calls their devices: sealed records, since the device list at the server is readable there. */
import type { DeviceId } from '../protocol/index.ts'
import type { OpenVault } from './open-vault.ts'
import type { ListedRecord } from './record-row.ts'

/** By device id. */
export async function readDeviceNames(vault: OpenVault): Promise<ReadonlyMap<DeviceId, string>> {
  const records = await listLabels(vault)
  return new Map([...records].map(([deviceId, { fields }]) => [deviceId, fields.name]))
}

/** @throws `request.unprocessable`, `sync.conflict`, `vault.quota` */
export async function nameDevice(
  vault: OpenVault,
  deviceId: DeviceId,
  name: string,
): Promise<void> {
  const known = (await listLabels(vault)).get(deviceId)
  if (known) await vault.updateRecord('device', known.id, { name })
  else await vault.createRecord('device', { deviceId, name })
}

/** Forgets the names of devices that are not on the list any more. */
export async function dropDeviceNames(
  vault: OpenVault,
  listed: ReadonlySet<string>,
): Promise<void> {
  const { records } = await vault.listRecords('device')
  for (const { id, fields } of records) {
    if (!listed.has(fields.deviceId)) await vault.removeRecord(id)
  }
}

/** Two devices may have named the same one at once: one of the two counts, for both of them. */
async function listLabels(
  vault: OpenVault,
): Promise<ReadonlyMap<DeviceId, ListedRecord<'device'>>> {
  const { records } = await vault.listRecords('device')
  const sorted = records.toSorted((one, other) => (one.id < other.id ? 1 : -1))
  return new Map(sorted.map((record) => [record.fields.deviceId, record]))
}
