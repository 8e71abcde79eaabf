/**
 * What a person knows of their passkeys: a name, and when each was made and used. Sealed as records of
 * their own, since a wrap is readable on the disk. A passkey opens the vault with or without one.
 */
import type { RecordFields } from '../protocol/index.ts'
import type { OpenVault } from './open-vault.ts'
import type { ListedRecord } from './record-row.ts'

export type PasskeyLabel = RecordFields<'passkey'>

/** By credential id. */
export async function readPasskeyLabels(
  vault: OpenVault,
): Promise<ReadonlyMap<string, PasskeyLabel>> {
  const records = await listLabels(vault)
  return new Map([...records].map(([credentialId, { fields }]) => [credentialId, fields]))
}

/** Writes down what is new about a passkey. @throws `request.unprocessable`, `sync.conflict`, `vault.quota` */
export async function writePasskeyLabel(
  vault: OpenVault,
  credentialId: string,
  change: Partial<Omit<PasskeyLabel, 'credentialId'>>,
): Promise<void> {
  const known = (await listLabels(vault)).get(credentialId)
  if (known) {
    await vault.updateRecord('passkey', known.id, change)
    return
  }
  const unknown = { name: '', createdAt: null, lastUsedAt: null }
  await vault.createRecord('passkey', { ...unknown, ...change, credentialId })
}

/** Removes what is written down about passkeys that open nothing any more. */
export async function dropPasskeyLabels(
  vault: OpenVault,
  inForce: ReadonlySet<string>,
): Promise<void> {
  const { records } = await vault.listRecords('passkey')
  for (const { id, fields } of records) {
    if (!inForce.has(fields.credentialId)) await vault.removeRecord(id)
  }
}

/** Two windows may have written down the same passkey: one of the two counts, for both of them. */
async function listLabels(vault: OpenVault): Promise<ReadonlyMap<string, ListedRecord<'passkey'>>> {
  const { records } = await vault.listRecords('passkey')
  const sorted = records.toSorted((one, other) => (one.id < other.id ? 1 : -1))
  return new Map(sorted.map((record) => [record.fields.credentialId, record]))
}
