import { describe, expect, it } from 'vitest'
import { fromBase64url, type RecordFields } from '../protocol/index.ts'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '../testing/index.ts'
import { createVault } from './index.ts'
import { listKeyFacts, listRows, readGrantRow } from './record-row.ts'
import { createRowMemory } from './row-memory.ts'
import { createRootKeys } from './root-keys.ts'
import { parseRow } from './sealed-row.ts'

const random = createSeededRandom('row memory')
const key: RecordFields<'key'> = {
  ...{ provider: 'openai', baseUrl: null, secret: 'test', label: 'Work', notes: '' },
  ...{ createdAt: 1, expiresAt: null, lastTest: null, order: 0, archived: false },
}

/** A vault of three keys and a grant, and how often anything of it was opened. */
async function setUp() {
  const store = createMemoryVaultStore()
  const ports = { store, kdf: fastTestKdf, clock: createFakeClock().now, random }
  const { vault } = await createVault(ports, 'a quiet harbour at dawn')
  const ids = await vault.createRecords('key', [key, key, key])
  const grantId = await vault.createRecord('grant', {
    ...{
      subject: { origin: 'https://app.example' },
      status: 'active',
      createdAt: 1,
      valetKeys: [],
    },
    terms: {
      ...{ schema: 1, providers: [], budgets: [], expiresAt: 2, lane: 'proxy' },
      limits: { perMinute: 1, parallel: 1, maxOutputTokens: 1 },
    },
  })
  const rootKey = fromBase64url(vault.exportRootKeys()[0]?.rootKey ?? '')
  const keys = createRootKeys(vault.vaultId, [{ epoch: 1, rootKey }])
  const opened = { rows: 0 }
  const context = {
    ...{ vaultId: vault.vaultId, deviceId: vault.deviceId, epoch: 1, random },
    keys: { ...keys, recordKey: (epoch: number) => ((opened.rows += 1), keys.recordKey(epoch)) },
  }
  const memory = createRowMemory()
  const list = async () =>
    listKeyFacts(context, { rows: [...store.contents.rows.values()], memory })
  const listGrants = async () =>
    listRows(context, 'grant', { rows: [...store.contents.rows.values()], memory })
  const rowOf = async (id: string) => parseRow(await store.readRow(id))
  return { vault, ids, opened, context, memory, list, listGrants, grantId, rowOf }
}

describe('the memory of an open vault', () => {
  it('opens no row twice for the list of keys, and no key for the list of grants', async () => {
    const { opened, list, listGrants } = await setUp()
    const first = await list()
    const records = opened.rows
    expect(await list()).toEqual(first)
    expect(opened.rows).toBe(records)

    expect((await listGrants()).records).toHaveLength(1)
    expect(opened.rows).toBe(records + 1)
  })

  it('opens no key twice that was opened on the way to a grant', async () => {
    const { opened, list, listGrants } = await setUp()
    await listGrants()
    const records = opened.rows

    expect((await list()).records).toHaveLength(3)
    expect(opened.rows).toBe(records)
  })

  it('opens the grant of a call once, and anew when one bit of its row differs', async () => {
    const { vault, opened, context, memory, grantId, rowOf } = await setUp()
    const before = await rowOf(grantId)
    const first = readGrantRow(context, before, memory)
    expect(first?.status).toBe('active')
    opened.rows = 0
    expect(readGrantRow(context, structuredClone(before), memory)).toEqual(first)
    expect(opened.rows).toBe(0)

    const touched = { ...before, envelope: before.envelope.slice() }
    touched.envelope[60] = (touched.envelope[60] ?? 0) ^ 1
    expect(() => readGrantRow(context, touched, memory)).toThrow(
      expect.objectContaining({ code: 'vault.corrupt' }),
    )

    await vault.updateRecord('grant', grantId, { status: 'paused' })
    expect(readGrantRow(context, await rowOf(grantId), memory)?.status).toBe('paused')
    await vault.removeRecord(grantId)
    expect(readGrantRow(context, await rowOf(grantId), memory)).toBeNull()
  })

  it('opens the one row that changed', async () => {
    const { vault, ids, opened, list } = await setUp()
    await list()
    const [first] = ids
    if (first) await vault.updateRecord('key', first, { label: 'Home' })
    opened.rows = 0

    expect((await list()).records.map(({ fields }) => fields.label)).toContain('Home')
    expect(opened.rows).toBe(1)
  })

  it('holds no secret, and nothing at all once it forgot', async () => {
    const { opened, memory, list } = await setUp()
    expect(JSON.stringify(await list())).not.toContain('secret')
    memory.forget()
    opened.rows = 0
    await list()

    expect(opened.rows).toBeGreaterThan(2)
  })
})
