import type { RecordFields } from '../protocol/index.ts'
import { providerById } from '../providers/index.ts'
import type { ImportedKey } from './read-import.ts'

/**
 * The records of chosen keys, to be created in one commit (`OpenVault.createRecords`): all of them come over,
 * or none.
 * @param orders where each one stands among the person's keys, see `ordersAtEnd`
 */
export function importedFields(
  chosen: readonly ImportedKey[],
  nowMs: number,
  orders: readonly number[],
): RecordFields<'key'>[] {
  return chosen.map(
    ({ provider, secret, label, notes, createdAt, expiresAt, archived }, index) => ({
      provider,
      // Never from a file: whoever writes the file could have a key sent elsewhere.
      baseUrl: null,
      secret,
      label: label === '' ? providerById(provider).name : label,
      notes,
      createdAt: createdAt ?? nowMs,
      expiresAt,
      lastTest: null,
      order: orders[index] ?? 0,
      archived,
    }),
  )
}
