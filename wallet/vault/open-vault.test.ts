import { beforeEach, describe, expect, it } from 'vitest'
import { sealEnvelope, sha256 } from '../crypto/index.ts'
import {
  createId,
  fromBase64url,
  toBase64url,
  type GrantId,
  type JsonObject,
  type KeyId,
  type RecordFields,
  type RecordId,
} from '../protocol/index.ts'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  type FakeClock,
  type MemoryVaultStore,
} from '../testing/index.ts'
import { assertRefused } from './__fixtures__/stored.ts'
import { createVault, unlockVault, type OpenVault, type StoredRow } from './index.ts'
import { parseContent } from './record-content.ts'
import { createRootKeys } from './root-keys.ts'
import { openRow } from './sealed-row.ts'

const PASSPHRASE = 'a quiet harbour at dawn'
const random = createSeededRandom('open vault')
const secret = `test-${toBase64url(random(30))}`

let store: MemoryVaultStore
let clock: FakeClock
let vault: OpenVault
const ports = () => ({ store, kdf: fastTestKdf, clock: clock.now, random })

beforeEach(async () => {
  store = createMemoryVaultStore()
  clock = createFakeClock()
  vault = (await createVault(ports(), PASSPHRASE)).vault
})

const key: RecordFields<'key'> = {
  provider: 'openai',
  baseUrl: null,
  secret,
  label: 'Work',
  notes: '',
  createdAt: 1,
  expiresAt: null,
  lastTest: null,
  order: 0,
  archived: false,
}
const grant: RecordFields<'grant'> = {
  subject: { origin: 'https://app.example' },
  status: 'active',
  createdAt: 1,
  valetKeys: [],
  terms: {
    schema: 1,
    providers: [],
    budgets: [{ usd: '5.00', window: 'month' }],
    limits: { perMinute: 1, parallel: 1, maxOutputTokens: 1 },
    askAbove: undefined,
    expiresAt: 2,
    lane: 'proxy',
  },
}

const rowOf = (id: string) => store.contents.rows.get(id) as StoredRow
const put = (row: StoredRow) => store.contents.rows.set(row.recordId, row)

/** Seals content as this vault would, but whatever it says. */
function forge(row: StoredRow, content: JsonObject): StoredRow {
  const rootKey = fromBase64url(vault.exportRootKeys()[0]?.rootKey ?? '')
  const recordKey = createRootKeys(vault.vaultId, [{ epoch: 1, rootKey }]).recordKey(1)
  const sealing = { type: 'record', epoch: 1, vaultId: vault.vaultId, row, content } as const
  return {
    ...row,
    envelope: sealEnvelope({ ...sealing, key: recordKey ?? new Uint8Array(32) }, random),
  }
}

describe('records', () => {
  it('come back as they were created, also after unlocking anew', async () => {
    const keyId = await vault.createRecord('key', key)
    const grantId = await vault.createRecord('grant', grant)
    const again = await unlockVault(ports(), PASSPHRASE)

    for (const open of [vault, again]) {
      expect(await open.readRecord('key', keyId)).toEqual(key)
      expect(await open.readRecord('grant', grantId)).toEqual(JSON.parse(JSON.stringify(grant)))
      expect((await open.listRecords('key')).records).toEqual([{ id: keyId, fields: key }])
    }
  })

  it('stand in the store without a name, a label or a secret in clear', async () => {
    await vault.createRecord('key', { ...key, label: 'Canary label' })
    const stored = rowsText()

    for (const canary of [secret, 'Canary label', 'openai', PASSPHRASE]) {
      expect(stored).not.toContain(canary)
      expect(stored).not.toContain(Buffer.from(canary).toString('base64url'))
    }
  })

  it('are null where there is none, or none of that kind', async () => {
    const keyId = await vault.createRecord('key', key)

    expect(await vault.readRecord('key', createId<KeyId>(random))).toBeNull()
    expect(await vault.readRecord('grant', keyId as string as GrantId)).toBeNull()
    expect(await vault.readRecord('key', vault.deviceId as string as KeyId)).toBeNull()
  })

  it.each<[string, object]>([
    ['without a secret', { secret: '' }],
    ['of an unknown provider', { provider: 'nobody' }],
    ['with a member too many', { more: 1 }],
    ['with a label of the wrong type', { label: 7 }],
  ])('are refused %s, on the way in and at a change', async (_, change) => {
    const keyId = await vault.createRecord('key', key)
    const wrong = { ...key, ...change }

    await assertRefused(store, () => vault.createRecord('key', wrong), 'request.unprocessable')
    await assertRefused(
      store,
      () => vault.updateRecord('key', keyId, change),
      'request.unprocessable',
    )
  })

  it('are refused when larger than an envelope', async () => {
    const providers = Array.from({ length: 700 }, () => ({
      provider: 'openai' as const,
      keys: { only: createId<KeyId>(random) },
      models: 'any' as const,
      capabilities: ['chat' as const],
    }))

    await assertRefused(
      store,
      () => vault.createRecord('grant', { ...grant, terms: { ...grant.terms, providers } }),
      'request.too_large',
    )
  })
})

describe('adding several records', () => {
  const three = ['One', 'Two', 'Three'].map((label) => ({ ...key, label }))

  it('gives back their ids in order, after one commit', async () => {
    const before = store.contents.rows.size
    const ids = await vault.createRecords('key', three)

    expect(await Promise.all(ids.map((id) => vault.readRecord('key', id)))).toEqual(three)
    expect(store.contents.rows.size).toBe(before + three.length)
    expect(await vault.createRecords('key', [])).toEqual([])
  })

  it('adds none of them where one is not of the kind, or there is no room (C86, C90)', async () => {
    const wrong = { ...key, secret: '' }
    await assertRefused(
      store,
      () => vault.createRecords('key', [...three, wrong]),
      'request.unprocessable',
    )
    for (let write = 1; write <= three.length; write++) {
      store.failAtWrite(write)
      await assertRefused(store, () => vault.createRecords('key', three), 'vault.quota')
    }
    store.failAtWrite(0)

    expect(await vault.createRecords('key', three)).toHaveLength(three.length)
  })
})

describe('changing a record', () => {
  it('raises rev, chains to the replaced envelope and stamps only what changed', async () => {
    const keyId = await vault.createRecord('key', key)
    const before = rowOf(keyId)
    clock.advance(5)
    const fields = await vault.updateRecord('key', keyId, { label: 'Home' })
    const after = rowOf(keyId)

    expect(fields).toEqual({ ...key, label: 'Home' })
    expect(await vault.readRecord('key', keyId)).toEqual(fields)
    expect(after.rev).toBe(2)
    expect(after.prev).toEqual(sha256(before.envelope))
  })

  it('keeps the stamp of a field that is given the value it has: a merge would else lose another device’s', async () => {
    const keyId = await vault.createRecord('key', key)
    const before = openedContent(keyId).fields
    clock.advance(5)
    await vault.updateRecord('key', keyId, { label: key.label, notes: 'new', expiresAt: null })
    const after = openedContent(keyId).fields

    expect(after['label']).toEqual(before['label'])
    expect(after['expiresAt']).toEqual(before['expiresAt'])
    expect(after['notes']?.[0]).toBe('new')
    expect((after['notes']?.[1] ?? '') > (before['notes']?.[1] ?? 'missing')).toBe(true)
  })

  it('is stamped later than what it replaces although the clock was set back', async () => {
    const keyId = await vault.createRecord('key', key)
    clock.advance(-86_400_000)
    const again = await unlockVault(ports(), PASSPHRASE)
    await again.updateRecord('key', keyId, { label: 'Home' })
    const { fields } = openedContent(keyId)

    expect((fields['label']?.[1] ?? '') > (fields['secret']?.[1] ?? 'missing')).toBe(true)
    expect(fields['label']?.[2]).toBe(vault.deviceId)
  })

  it('is tried once more on top of what another writer wrote meanwhile', async () => {
    const keyId = await vault.createRecord('key', key)
    const other = await unlockVault(ports(), PASSPHRASE)
    raceOnce(() => other.updateRecord('key', keyId, { notes: 'from the other window' }))
    const fields = await vault.updateRecord('key', keyId, { label: 'Home' })

    expect(fields).toEqual({ ...key, label: 'Home', notes: 'from the other window' })
    expect(rowOf(keyId).rev).toBe(3)
  })

  it('gives up when others are faster twice', async () => {
    const keyId = await vault.createRecord('key', key)
    const other = await unlockVault(ports(), PASSPHRASE)
    const commit = store.commit.bind(store)
    let races = 0
    store.commit = async (change) => {
      if (races++ % 2 === 0) await other.updateRecord('key', keyId, { order: races })
      return commit(change)
    }

    await expect(vault.updateRecord('key', keyId, { label: 'Home' })).rejects.toMatchObject({
      code: 'sync.conflict',
    })
  })

  it('changes several in one commit, or none of them', async () => {
    const one = await vault.createRecord('key', key)
    const two = await vault.createRecord('key', key)
    const changes = new Map([
      [one, { order: 7 }],
      [two, { label: 'Second' }],
    ])

    const changed = await vault.updateRecords('key', changes)

    expect(changed.get(one)).toEqual({ ...key, order: 7 })
    expect(changed.get(two)).toEqual({ ...key, label: 'Second' })
    store.failAtWrite(2)
    await assertRefused(store, () => vault.updateRecords('key', changes), 'vault.quota')
    const absent = new Map([...changes, [createId<KeyId>(random), { order: 1 }]])
    await assertRefused(store, () => vault.updateRecords('key', absent), 'request.not_found')
  })

  it('keeps the id of a key whose secret is replaced, and nothing of the old secret', async () => {
    const keyId = await vault.createRecord('key', key)
    const next = `${secret}-next`
    await vault.updateRecord('key', keyId, { secret: next, lastTest: null })

    expect((await vault.openProviderKey(keyId)).secret).toBe(next)
    expect(Object.values(openedContent(keyId).fields).map(([value]) => value)).not.toContain(secret)
  })

  it('is refused for a record that is not there', async () => {
    const absent = createId<KeyId>(random)

    await assertRefused(store, () => vault.updateRecord('key', absent, {}), 'request.not_found')
  })

  it('leaves the old record where there is no room (C86)', async () => {
    const keyId = await vault.createRecord('key', key)
    store.failAtWrite(1)

    await assertRefused(
      store,
      () => vault.updateRecord('key', keyId, { label: 'x' }),
      'vault.quota',
    )
    await assertRefused(store, () => vault.createRecord('key', key), 'vault.quota')
    expect(await vault.readRecord('key', keyId)).toEqual(key)
  })
})

describe('removing a record', () => {
  it('leaves a sealed tombstone that stays', async () => {
    const keyId = await vault.createRecord('key', key)
    await vault.removeRecord(keyId)
    await vault.removeRecord(keyId)

    expect(rowOf(keyId)).toMatchObject({ rev: 2, del: 1 })
    expect(await vault.readRecord('key', keyId)).toBeNull()
    expect((await vault.listRecords('key')).records).toEqual([])
    await assertRefused(store, () => vault.updateRecord('key', keyId, {}), 'request.not_found')
  })

  it('also works on a damaged record, so that the person can go on', async () => {
    const keyId = await vault.createRecord('key', key)
    put({ ...rowOf(keyId), envelope: random(340) })
    await vault.removeRecord(keyId)

    expect((await vault.listRecords('key')).damaged).toEqual([])
  })

  it('is refused for wraps, device keys, the identity and unknown ids', async () => {
    const wrap = [...store.contents.rows.values()].find(
      (row) => (row as StoredRow).method !== undefined,
    ) as StoredRow
    const identity = (await vault.listRecords('identity')).records[0]?.id
    for (const id of [wrap.recordId, vault.deviceId, identity, createId<RecordId>(random)]) {
      await assertRefused(store, () => vault.removeRecord(id as RecordId), 'request.not_found')
    }
  })
})

describe('a damaged store', () => {
  it('hides no record but the damaged one, and nothing is overwritten', async () => {
    const good = await vault.createRecord('key', key)
    const bad = await vault.createRecord('key', key)
    const garbage = createId<RecordId>(random)
    put({ ...rowOf(bad), envelope: rowOf(good).envelope })
    store.contents.rows.set(garbage, { recordId: garbage })
    store.contents.rows.set('x', null)
    const before = structuredClone(store.contents.rows)

    const { records, damaged } = await vault.listRecords('key')

    expect(records).toEqual([{ id: good, fields: key }])
    expect([...damaged].sort()).toEqual(['', bad, garbage].sort())
    expect(store.contents.rows).toEqual(before)
    await assertRefused(store, () => vault.readRecord('key', bad), 'vault.corrupt')
    await assertRefused(
      store,
      () => vault.updateRecord('key', bad, { label: 'x' }),
      'vault.corrupt',
    )
    await assertRefused(store, () => vault.openProviderKey(bad), 'vault.corrupt')
  })

  it('cannot move, rewind, revive or delete a record (C78, C80)', async () => {
    const id = await vault.createRecord('key', key)
    const other = await vault.createRecord('key', key)
    const old = rowOf(id)
    await vault.updateRecord('key', id, { label: 'Home' })
    const now = rowOf(id)
    const forgeries: StoredRow[] = [
      { ...rowOf(other), recordId: now.recordId },
      { ...old, rev: 2 },
      { ...now, rev: 3 },
      { ...now, prev: new Uint8Array() },
      { ...now, del: 1 },
      { ...now, writerDeviceId: createId(random) },
    ]
    for (const forged of forgeries) {
      put(forged)
      await assertRefused(store, () => vault.readRecord('key', id), 'vault.corrupt')
    }
    store.contents.rows.set(id, rowOf(other))
    await assertRefused(store, () => vault.readRecord('key', id), 'vault.corrupt')
  })

  it('tells a record of a later version from a damaged one', async () => {
    const id = await vault.createRecord('key', key)
    const envelope = rowOf(id).envelope.slice()
    envelope[7] = 2
    put({ ...rowOf(id), envelope })

    await assertRefused(store, () => vault.readRecord('key', id), 'vault.newer')
    expect((await vault.listRecords('key')).damaged).toEqual([id])
  })

  it.each<[string, JsonObject]>([
    ['no content', {}],
    ['fields without stamps', { kind: 'key', fields: { label: 'x' } }],
    ['fields that are missing', { kind: 'key', fields: {} }],
    ['a member too many', { kind: 'key', fields: {}, more: 1 }],
  ])('holding a rightly sealed record with %s is damaged too', async (_, content) => {
    const id = await vault.createRecord('key', key)
    put(forge(rowOf(id), content))

    await assertRefused(store, () => vault.readRecord('key', id), 'vault.corrupt')
    expect((await vault.listRecords('key')).damaged).toEqual([id])
  })

  it('holding a tombstone with content is damaged', async () => {
    const id = await vault.createRecord('key', key)
    put(forge({ ...rowOf(id), del: 1 }, { kind: 'key', fields: {} }))

    await assertRefused(store, () => vault.readRecord('key', id), 'vault.corrupt')
  })

  it('passes over kinds this version does not know', async () => {
    const id = await vault.createRecord('key', key)
    put(forge(rowOf(id), { kind: 'connection', fields: {} }))

    expect(await vault.listRecords('key')).toEqual({ records: [], damaged: [] })
  })
})

describe('a provider key', () => {
  it('opens for a call, with the address it may go to', async () => {
    const keyId = await vault.createRecord('key', key)

    expect(await vault.openProviderKey(keyId)).toEqual({
      secret,
      provider: 'openai',
      baseUrl: null,
      archived: false,
    })
  })

  it('is not found where it is gone, or another kind of record', async () => {
    const keyId = await vault.createRecord('key', key)
    const grantId = await vault.createRecord('grant', grant)
    await vault.removeRecord(keyId)

    await assertRefused(store, () => vault.openProviderKey(keyId), 'request.not_found')
    await assertRefused(
      store,
      () => vault.openProviderKey(grantId as string as KeyId),
      'request.not_found',
    )
  })
})

describe('the list of keys', () => {
  it('tells all but the secret, and remembers none', async () => {
    const keyId = await vault.createRecord('key', key)
    const facts = Object.fromEntries(Object.entries(key).filter(([name]) => name !== 'secret'))

    for (let times = 0; times < 2; times++) {
      expect(await vault.listKeys()).toEqual({
        records: [{ id: keyId, fields: facts }],
        damaged: [],
      })
    }
    expect((await vault.listRecords('key')).records).toEqual([{ id: keyId, fields: key }])
  })

  it('is read once at a time, so that the second finds what the first has opened', async () => {
    await vault.createRecord('key', key)
    let reading = 0
    let most = 0
    const readAll = store.readAll.bind(store)
    store.readAll = async () => {
      most = Math.max(most, (reading += 1))
      const snapshot = await readAll()
      await new Promise((resolve) => setTimeout(resolve))
      reading -= 1
      return snapshot
    }

    const lists = [vault.listKeys(), vault.listRecords('grant'), vault.listKeys()]
    expect((await Promise.all(lists)).map(({ records }) => records.length)).toEqual([1, 0, 1])
    expect(most).toBe(1)
  })

  it('follows every change, also of another writer, and forgets what is removed', async () => {
    const one = await vault.createRecord('key', key)
    const two = await vault.createRecord('key', { ...key, label: 'Two' })
    await vault.createRecord('grant', grant)
    await vault.listKeys()
    const other = await unlockVault(ports(), PASSPHRASE)
    await other.updateRecord('key', one, { label: 'Home' })
    await vault.removeRecord(two)

    const { records } = await vault.listKeys()

    expect(records.map(({ fields }) => fields.label)).toEqual(['Home'])
  })

  it('reports a row that was touched after it was read (C77, C78)', async () => {
    const id = await vault.createRecord('key', key)
    const good = rowOf(id)
    const envelope = good.envelope.slice()
    envelope[envelope.length - 1] = (envelope.at(-1) ?? 0) ^ 1
    const touched: StoredRow[] = [
      { ...good, envelope },
      { ...good, rev: 2 },
      { ...good, del: 1 },
      { ...good, prev: new Uint8Array(32) },
      { ...good, writerDeviceId: createId(random) },
      { ...good, more: 1 } as StoredRow,
    ]
    for (const row of touched) {
      put(good)
      expect((await vault.listKeys()).damaged).toEqual([])
      put(row)
      expect(await vault.listKeys()).toEqual({ records: [], damaged: [id] })
      expect((await vault.listRecords('key')).damaged).toEqual([id])
    }
  })
})

describe('locking', () => {
  it('makes every use fail', async () => {
    const keyId = await vault.createRecord('key', key)
    vault.wipe()

    const uses = [
      () => vault.createRecord('key', key),
      () => vault.readRecord('key', keyId),
      () => vault.listRecords('key'),
      () => vault.listKeys(),
      () => vault.updateRecord('key', keyId, { label: 'x' }),
      () => vault.updateRecords('key', new Map([[keyId, { label: 'x' }]])),
      () => vault.removeRecord(keyId),
      () => vault.openProviderKey(keyId),
      () => Promise.resolve().then(() => vault.exportRootKeys()),
    ]
    for (const use of uses) await assertRefused(store, use, 'vault.locked')
    vault.wipe()
  })

  it('wins over a change that was waiting for the store', async () => {
    const keyId = await vault.createRecord('key', key)
    const change = () => {
      const waiting = vault.updateRecord('key', keyId, { label: 'Home' })
      vault.wipe()
      return waiting
    }

    await assertRefused(store, change, 'vault.locked')
  })

  it('leaves the other open vaults of this store alone', async () => {
    const keyId = await vault.createRecord('key', key)
    const other = await unlockVault(ports(), PASSPHRASE)
    vault.wipe()

    expect(await other.readRecord('key', keyId)).toEqual(key)
  })
})

function rowsText(): string {
  return [...store.contents.rows.values()]
    .map((row) => {
      const { envelope, ...rest } = row as StoredRow
      return JSON.stringify(rest) + Buffer.from(envelope).toString('latin1')
    })
    .join()
}

function openedContent(id: string) {
  const rootKey = fromBase64url(vault.exportRootKeys()[0]?.rootKey ?? '')
  const keys = createRootKeys(vault.vaultId, [{ epoch: 1, rootKey }])
  const { vaultId, deviceId } = vault
  const context = { vaultId, deviceId, epoch: 1, keys, random }
  return parseContent(openRow(context, rowOf(id)))
}

/** Another writer is faster than the next commit. */
function raceOnce(race: () => Promise<unknown>): void {
  const commit = store.commit.bind(store)
  store.commit = async (change) => {
    store.commit = commit
    await race()
    return commit(change)
  }
}
