import {
  toBase64url,
  type GrantId,
  type KeyId,
  type RecordFields,
  type RecordKind,
} from '../protocol/index.ts'
import { createVault, type CreatedVault, type OpenVault, type VaultPorts } from '../vault/index.ts'
import { createSeededRandom } from './seeded-random.ts'

/** Of a vault that tests know. */
export const KNOWN_PASSPHRASE = 'a quiet harbour at dawn'

/** A vault with records of each sort in it. */
export interface KnownVault extends CreatedVault {
  /** Changed once since it was made. */
  readonly keyId: KeyId
  readonly removedKeyId: KeyId
  readonly grantId: GrantId
}

const random = createSeededRandom('known vault')

/** The fields of a key; the secret is made at run time, so that no scanner takes it for a real one. */
export function knownKey(label: string): RecordFields<'key'> {
  return {
    provider: 'openai',
    baseUrl: null,
    secret: `test-${toBase64url(random(30))}`,
    label,
    notes: '',
    createdAt: 1,
    expiresAt: null,
    lastTest: null,
    order: 0,
    archived: false,
  }
}

/** The fields of a grant that lets a site use one key. */
export function knownGrant(keyId: KeyId): RecordFields<'grant'> {
  return {
    subject: { origin: 'https://app.example' },
    status: 'active',
    createdAt: 1,
    valetKeys: [],
    terms: {
      schema: 1,
      providers: [
        { provider: 'openai', keys: { only: keyId }, models: 'any', capabilities: ['chat'] },
      ],
      budgets: [{ usd: '5.00', window: 'month' }],
      limits: { perMinute: 1, parallel: 1, maxOutputTokens: 1 },
      expiresAt: 2,
      lane: 'proxy',
    },
  }
}

/** Makes a vault with a key changed once, a removed key and a grant in it. */
export async function createKnownVault(ports: VaultPorts): Promise<KnownVault> {
  const created = await createVault(ports, KNOWN_PASSPHRASE)
  const { vault } = created
  const keyId = await vault.createRecord('key', knownKey('Work'))
  await vault.updateRecord('key', keyId, { notes: 'changed' })
  const removedKeyId = await vault.createRecord('key', knownKey('Gone'))
  await vault.removeRecord(removedKeyId)
  const grantId = await vault.createRecord('grant', knownGrant(keyId))
  return { ...created, keyId, removedKeyId, grantId }
}

const KINDS: readonly RecordKind[] = ['key', 'grant', 'identity']

/** All that an open vault can read, in an order that can be compared; without the identity where told. */
export async function readableIn(
  vault: OpenVault,
  kinds: readonly RecordKind[] = KINDS,
): Promise<unknown> {
  const lists = await Promise.all(kinds.map((kind) => vault.listRecords(kind)))
  return lists.map(({ records, damaged }) => ({
    records: [...records].sort((a, b) => (a.id < b.id ? -1 : 1)),
    damaged: [...damaged].sort(),
  }))
}
