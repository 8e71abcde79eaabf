import type { JsonObject, RecordFields } from '../../protocol/index.ts'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  type MemoryVaultStore,
} from '../../testing/index.ts'
import { parseBackupFile, sealBackupFile } from '../backup-file.ts'
import { createVault, type OpenVault, type VaultPorts } from '../index.ts'
import { importRootKeys } from '../root-keys.ts'

export const PASSPHRASE = 'a quiet harbour at dawn'
export const NEW_PASSPHRASE = 'another harbour at dusk'

export const key = (label: string): RecordFields<'key'> => ({
  ...{ provider: 'openai', baseUrl: null, secret: `secret of ${label}`, label, notes: 'n' },
  ...{ createdAt: 1, expiresAt: null, lastTest: null, order: 1024, archived: false },
})
export const grant: RecordFields<'grant'> = {
  subject: { origin: 'https://app.example' },
  status: 'active',
  createdAt: 1,
  valetKeys: [],
  terms: {
    schema: 1,
    providers: [],
    budgets: [{ usd: '5.00', window: 'month' }],
    limits: { perMinute: 1, parallel: 1, maxOutputTokens: 1 },
    expiresAt: 2,
    lane: 'proxy',
  },
}

/** A vault just made, and what is needed to open its backups. */
export async function createSubject() {
  const random = createSeededRandom('backup')
  const clock = createFakeClock()
  const store = createMemoryVaultStore()
  const portsOf = (at: MemoryVaultStore): VaultPorts => ({
    store: at,
    kdf: fastTestKdf,
    clock: clock.now,
    random,
  })
  const { vault, kit } = await createVault(portsOf(store), PASSPHRASE)
  const credentials = { passphrase: PASSPHRASE, secretKeyText: kit.secretKeyText }

  /** A backup of this vault with whatever records, as somebody could write who has its keys. */
  function forge(file: Uint8Array, records: unknown): Uint8Array {
    const { epoch, vaultId, createdAt, wraps } = parseBackupFile(file)
    const recordKey = importRootKeys(vault.vaultId, vault.exportRootKeys()).recordKey(epoch)
    return sealBackupFile(
      { vaultId, createdAt, wraps },
      { records: records as [], epoch, key: recordKey ?? new Uint8Array() },
      random,
    )
  }
  return { clock, store, portsOf, vault, kit, credentials, forge }
}
export type Subject = Awaited<ReturnType<typeof createSubject>>

/** A record of a kind nobody knows, as a backup holds it. */
export function oddRecord(content: object, recordId = 'AAAAAAAAAAAAAAAAAAAAAQ') {
  return { recordId, content: { kind: 'poem', fields: {}, ...content } }
}

/** A value inside so many objects. */
export function nested(levels: number): JsonObject | string {
  let value: JsonObject | string = 'x'
  for (let level = 0; level < levels; level++) value = { a: value }
  return value
}

export const labels = async (of: OpenVault) =>
  (await of.listRecords('key')).records.map(({ fields }) => fields.label).sort()
