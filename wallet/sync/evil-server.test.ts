import { beforeEach, describe, expect, it } from 'vitest'
import { createKeySeed, signingPublicKey } from '../crypto/index.ts'
import {
  fromBase64url,
  toBase64url,
  type DeviceId,
  type KeyId,
  type PullReply,
} from '../protocol/index.ts'
import { createSeededRandom, knownKey, readableIn } from '../testing/index.ts'
import { createSyncWorld, type SyncDevice, type SyncWorld } from './__fixtures__/sync-world.ts'
import { certifyDevice, decodeHead, devicesHash, signHead, type Head } from './index.ts'

const random = createSeededRandom('evil server')

let world: SyncWorld
/** Writes; the other one is lied to. */
let writer: SyncDevice
let reader: SyncDevice
let keyId: KeyId

beforeEach(async () => {
  world = await createSyncWorld(2)
  ;[writer, reader] = world.devices as unknown as [SyncDevice, SyncDevice]
  keyId = await writer.vault.createRecord('key', knownKey('first'))
  await writer.vault.createRecord('key', knownKey('second'))
  await both()
})

async function both(): Promise<void> {
  for (const device of [writer, reader, writer, reader]) {
    world.clock.advance(1)
    await device.sync()
  }
}

/** From now on the reader gets what `forge` makes of the true answer. */
function lie(forge: (page: PullReply) => PullReply): void {
  const { server } = reader
  reader.server = { ...server, pull: async (...asked) => forge(await server.pull(...asked)) }
}

async function edited(label: string): Promise<void> {
  world.clock.advance(1)
  await writer.vault.updateRecord('key', keyId, { label })
  await writer.sync()
}

/** The lie is refused, and nothing of it is written. @param reason null: it is no reply at all */
async function expectRefused(reason: string | null): Promise<void> {
  const before = [await readableIn(reader.vault), structuredClone(reader.memory)]
  const refusal =
    reason === null
      ? { code: 'protocol.invalid_message' }
      : { code: 'sync.rollback', details: { reason } }
  await expect(reader.sync()).rejects.toMatchObject(refusal)
  expect([await readableIn(reader.vault), reader.memory]).toEqual(before)
}

/** The newest head with parts of it changed, signed by `seed`. */
function headWith(page: PullReply, changes: Partial<Head>, seed: Uint8Array) {
  const head = page.head && decodeHead(fromBase64url(page.head.head))
  if (!head || typeof head === 'string') throw new TypeError('no head')
  const { head: bytes, sig } = signHead({ ...head, ...changes }, seed)
  return { head: toBase64url(bytes), sig: toBase64url(sig) }
}

describe('a server that lies to a device', () => {
  it('C80: shows an old record in place of the new one', async () => {
    const old = structuredClone(world.server.rows.get(keyId))
    await edited('new')
    lie((page) => ({
      ...page,
      rows: page.rows.map((row) =>
        row.recordId === keyId && old ? { ...old, seq: row.seq } : row,
      ),
    }))

    await expectRefused('root')
  })

  it('C80: leaves a record out', async () => {
    await edited('new')
    lie((page) => ({ ...page, rows: page.rows.filter(({ recordId }) => recordId !== keyId) }))

    await expectRefused('root')
  })

  it('C80: brings a removed record back', async () => {
    const old = structuredClone(world.server.rows.get(keyId))
    await writer.vault.removeRecord(keyId)
    await writer.sync()
    lie((page) => ({
      ...page,
      rows: page.rows.map((row) =>
        row.recordId === keyId && old ? { ...old, seq: row.seq } : row,
      ),
    }))

    await expectRefused('root')
  })

  it('C80: calls a record removed that is not', async () => {
    await edited('new')
    lie((page) => ({
      ...page,
      rows: page.rows.map((row) => (row.recordId === keyId ? { ...row, del: 1 as const } : row)),
    }))

    await expectRefused('root')
  })

  it('C80: puts one record’s envelope in another’s place', async () => {
    await edited('new')
    await writer.vault.createRecord('key', knownKey('third'))
    await writer.sync()
    lie(({ rows, ...page }) => {
      const envelopes = rows.map(({ envelope }) => envelope).reverse()
      return { ...page, rows: rows.map((row, at) => ({ ...row, envelope: envelopes[at] ?? '' })) }
    })

    await expectRefused('root')
  })

  it('C80: names fewer records in a whole pull', async () => {
    reader.memory = { ...reader.memory, state: { ...reader.memory.state, cursor: null } }
    lie((page) => ({ ...page, rows: page.rows.filter(({ recordId }) => recordId !== keyId) }))

    await expectRefused('root')
  })

  it('C80: goes back to the vault of yesterday', async () => {
    const yesterday = world.server.snapshot()
    await edited('new')
    await reader.sync()
    reader.memory = { ...reader.memory, state: { ...reader.memory.state, cursor: null } }
    reader.server = yesterday.for(reader.id)

    await expectRefused('rollback')
  })

  it('C82: shows two devices two histories', async () => {
    const fork = world.server.snapshot()
    await edited('seen by one')
    reader.server = fork.for(reader.id)
    await reader.vault.createRecord('key', knownKey('seen by the other'))
    await reader.sync()
    reader.server = world.server.for(reader.id)

    await expectRefused('fork')
    await edited('once more')
    await expectRefused('chain')
  })

  it('C82: leaves out heads in between that would not fit', async () => {
    await edited('one')
    await edited('two')
    await edited('three')
    const { server } = reader
    reader.server = {
      ...server,
      heads: async (from, to) => ({ heads: (await server.heads(from, to)).heads.slice(1) }),
    }

    await expectRefused('chain')
  })

  it('C82: adds a device of its own', async () => {
    await edited('new')
    const seed = createKeySeed(random)
    const id = toBase64url(new Uint8Array(16).fill(255)) as DeviceId
    const key = toBase64url(signingPublicKey(seed))
    const entry = { id, ed25519: key, x25519: key, addedAt: 1 }
    lie((page) => {
      if (!page.devices) return page
      const ghost = certifyDevice(entry, reader.vault.vaultId, seed)
      const devices = { ...page.devices, devices: [...page.devices.devices, ghost] }
      const head = headWith(page, { devicesHash: devicesHash(devices), writerDeviceId: id }, seed)
      return { ...page, devices, head }
    })

    await expectRefused('certificate')
  })

  it('C82: takes an identity of its own', async () => {
    await edited('new')
    const seed = createKeySeed(random)
    const identitySeed = createKeySeed(random)
    lie((page) => {
      const own = page.devices?.devices[0]
      if (!page.devices || !own) return page
      const entry = { ...own, ed25519: toBase64url(signingPublicKey(seed)) }
      const devices = {
        ...{ identity: toBase64url(signingPublicKey(identitySeed)), links: [] },
        devices: [certifyDevice(entry, reader.vault.vaultId, identitySeed)],
      }
      const changes = { devicesHash: devicesHash(devices), writerDeviceId: own.id as DeviceId }
      return { ...page, devices, head: headWith(page, changes, seed) }
    })

    await expectRefused('identity')
  })

  it('C82: signs a head itself', async () => {
    await edited('new')
    lie((page) => ({ ...page, head: page.head && headWith(page, {}, createKeySeed(random)) }))

    await expectRefused('signature')
  })

  it('C81: lets a vault be opened with less than it asks for', async () => {
    await edited('new')
    reader.memory = { ...reader.memory, state: { ...reader.memory.state, head: null } }
    lie((page) => ({ ...page, head: page.head && headWith(page, { minSuite: 0 }, writer.seed) }))

    await expectRefused('min-suite')
  })

  it('is refused for a suite that only a newer ValetKey has', async () => {
    await edited('new')
    lie((page) => ({ ...page, head: page.head && headWith(page, { minSuite: 2 }, writer.seed) }))

    await expect(reader.sync()).rejects.toMatchObject({ code: 'vault.newer' })
  })

  it('C82: goes back to an epoch that is over', async () => {
    await edited('new')
    lie((page) => ({ ...page, head: page.head && headWith(page, { epoch: 0 }, writer.seed) }))

    await expectRefused('epoch')
  })

  it('C82: opens an epoch with keys of its own', async () => {
    await edited('new')
    const key = {
      deviceId: reader.id,
      enc: toBase64url(random(32)),
      sealed: toBase64url(random(90)),
    }
    lie((page) => ({
      ...{ ...page, keys: [key] },
      head: page.head && headWith(page, { epoch: 2 }, writer.seed),
    }))

    await expectRefused('keys')
  })

  it('never comes to an end: the pull stops', async () => {
    lie((page) => ({ ...page, head: null }))

    await expect(reader.sync()).rejects.toMatchObject({ code: 'protocol.invalid_message' })
  })

  it.each([
    ['large records', 200_000, 1000],
    ['records without anything in them', 0, 100_000],
  ])(
    'C83: sends %s, and never stops: the pull does',
    { timeout: 30_000 },
    async (_, sizeBytes, count) => {
      let pages = 0
      const envelope = 'A'.repeat(sizeBytes)
      lie((page) => {
        pages += 1
        const [row] = page.rows
        const rows = row ? Array.from({ length: count }, () => ({ ...row, envelope })) : []
        return { ...page, rows, head: null, cursor: `page ${pages}` }
      })
      const { server } = reader
      // Whatever it is asked for, it goes on with the same.
      reader.server = { ...server, pull: (_cursor, ack) => server.pull(null, ack) }

      await expectRefused(null)
      expect(pages).toBeLessThan(10)
    },
  )

  it('is not noticed by a device that it keeps from all news: nothing in band tells', async () => {
    const frozen = world.server.snapshot()
    await edited('withheld')
    reader.server = frozen.for(reader.id)

    await expect(reader.sync()).resolves.toMatchObject({ changed: [] })
  })
})
