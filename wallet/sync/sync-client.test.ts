import { beforeEach, describe, expect, it } from 'vitest'
import { CHANGES_PER_PUSH, WalletError, isWalletError, type KeyId } from '../protocol/index.ts'
import { knownKey, readableIn } from '../testing/index.ts'
import {
  Killed,
  createSyncWorld,
  type SyncDevice,
  type SyncWorld,
} from './__fixtures__/sync-world.ts'

let world: SyncWorld
let one: SyncDevice
let other: SyncDevice

beforeEach(async () => {
  world = await createSyncWorld(2)
  ;[one, other] = world.devices as unknown as [SyncDevice, SyncDevice]
})

async function add(device: SyncDevice, label: string): Promise<KeyId> {
  world.clock.advance(1)
  return device.vault.createRecord('key', knownKey(label))
}

async function edit(device: SyncDevice, id: KeyId, change: { label?: string; notes?: string }) {
  world.clock.advance(1)
  await device.vault.updateRecord('key', id, change)
}

const labels = async ({ vault }: SyncDevice): Promise<string[]> =>
  (await vault.listKeys()).records.map(({ fields }) => fields.label).sort()

describe('synchronise', () => {
  it('brings a record to the other device, and says which came', async () => {
    const id = await add(one, 'new')
    expect(await one.sync()).toEqual({ seq: 2, changed: [], signed: true })

    expect(await other.sync()).toEqual({ seq: 2, changed: [id], heard: true })
    expect(await labels(other)).toEqual(await labels(one))
  })

  it('pushes nothing where nothing changed', async () => {
    await one.sync()
    await other.sync()

    expect(world.server.heads).toHaveLength(1)
  })

  it('signs a head that is due also with nothing to say, once, and the other hears of it', async () => {
    await one.sync()
    await other.sync()
    const before = await labels(other)
    one.isHeadDue = true
    expect(await one.sync()).toEqual({ seq: 2, changed: [], signed: true })
    expect(world.server.heads).toHaveLength(2)

    expect(await other.sync()).toEqual({ seq: 2, changed: [], heard: true })
    expect(await other.sync()).toEqual({ seq: 2, changed: [] })
    expect(await labels(other)).toEqual(before)
  })

  it('signs none for a vault on one device, which has nobody to hear of', async () => {
    const alone = await createSyncWorld(1)
    const [device] = alone.devices
    if (!device) throw new TypeError('there is one')
    device.isHeadDue = true
    await device.sync()
    expect(await device.sync()).toEqual({ seq: 1, changed: [], heard: true })
  })

  it('keeps both changes of one record, made at once by two', async () => {
    const id = await add(one, 'shared')
    await one.sync()
    await other.sync()
    await edit(one, id, { label: 'renamed' })
    await edit(other, id, { notes: 'noted' })
    for (const device of [one, other, one]) await device.sync()

    for (const { vault } of [one, other]) {
      expect(await vault.readRecord('key', id)).toMatchObject({ label: 'renamed', notes: 'noted' })
    }
  })

  it('lets a deletion win over an edit, whoever is first', async () => {
    const first = await add(one, 'first')
    const second = await add(one, 'second')
    for (const device of [one, other]) await device.sync()
    await one.vault.removeRecord(first)
    await edit(other, first, { notes: 'late' })
    await other.vault.removeRecord(second)
    await edit(one, second, { notes: 'late' })
    for (const device of [one, other, one]) await device.sync()

    expect(await labels(one)).toEqual(['Work'])
    expect(await labels(other)).toEqual(['Work'])
  })

  it('sends the same push again where the answer was lost: it counts once', async () => {
    await add(one, 'new')
    let lost = 0
    one.interrupt = (step, what) => {
      if (step === 'after' && what === 'network' && world.server.heads.length === 2 && lost++ === 0)
        throw new WalletError('provider.network')
    }
    await expect(one.sync()).rejects.toMatchObject({ code: 'provider.network' })
    expect(one.memory.state.outbox).not.toBeNull()
    await one.sync()

    expect(world.server.sent.slice(1)).toHaveLength(2)
    expect(world.server.sent[1]).toEqual(world.server.sent[2])
    expect(world.server.heads).toHaveLength(2)
    expect(one.memory.state.outbox).toBeNull()
  })

  // Each of some forty steps is two devices and three syncs.
  it('survives its end at each step, and ends with all of it', { timeout: 60_000 }, async () => {
    for (let step = 0; ; step++) {
      await add(one, `mine ${step}`)
      await add(other, `theirs ${step}`)
      await other.sync()
      let left = step
      one.interrupt = () => {
        if (left-- === 0) throw new Killed()
      }
      const ended = await one.sync().then(
        () => false,
        (error: unknown) => error instanceof Killed,
      )
      one.interrupt = () => undefined
      await one.sync()
      await other.sync()
      expect(await readableIn(other.vault)).toEqual(await readableIn(one.vault))
      expect(await labels(one)).toHaveLength(1 + 2 * (step + 1))
      if (!ended) break
    }
    expect(world.server.heads.length).toBeGreaterThan(10)
  })

  it('takes up a change made while it merged', async () => {
    const id = await add(one, 'shared')
    for (const device of [one, other]) await device.sync()
    await edit(other, id, { notes: 'from the other' })
    await other.sync()
    const { commit } = one.store
    let isFirst = true
    one.store.commit = async (change) => {
      // Between what was read and what is written.
      if (isFirst) {
        isFirst = false
        await edit(one, id, { label: 'meanwhile' })
      }
      return commit(change)
    }
    for (const device of [one, other]) await device.sync()

    expect(await other.vault.readRecord('key', id)).toMatchObject({
      ...{ label: 'meanwhile', notes: 'from the other' },
    })
  })

  it('sends many changes in several pushes', { timeout: 30_000 }, async () => {
    await one.vault.createRecords(
      'key',
      Array.from({ length: CHANGES_PER_PUSH + 20 }, (_, at) => knownKey(`many ${at}`)),
    )
    await one.sync()
    await other.sync()

    expect(world.server.sent.slice(1).map(({ changes }) => changes.length)).toEqual([500, 20])
    expect(await labels(other)).toEqual(await labels(one))
  })

  it('pulls page by page what does not fit one, and writes none of it before the last', async () => {
    world.server.pageSize = 1
    for (const label of ['a', 'b', 'c']) {
      await add(one, label)
      await one.sync()
    }
    let pulls = 0
    other.interrupt = (step, what) => {
      if (step !== 'after' || what !== 'network') return
      pulls += 1
      if (pulls === 3) throw new WalletError('provider.network')
    }
    await expect(other.sync()).rejects.toMatchObject({ code: 'provider.network' })
    expect(await labels(other)).toEqual(['Work'])
    await other.sync()

    expect(await labels(other)).toEqual(['Work', 'a', 'b', 'c'])
  })

  it('buries what all others removed while it was away too long, also what it edited since', async () => {
    const ids = [await add(one, 'gone'), await add(one, 'gone and edited')]
    for (const device of [one, other]) await device.sync()
    for (const id of ids.slice(1)) await edit(other, id, { notes: 'in vain' })
    await add(other, 'kept')
    world.server.acks.delete(other.id)
    for (const id of ids) await one.vault.removeRecord(id)
    await one.sync()
    await add(one, 'after')
    for (const tick of ['tick 1', 'tick 2']) {
      await one.sync()
      await add(one, tick)
    }
    await one.sync()
    world.server.compact()
    expect(world.server.compacted).toBeGreaterThan(1)
    for (const device of [other, one]) await device.sync()

    expect(await labels(other)).toEqual(['Work', 'after', 'kept', 'tick 1', 'tick 2'])
    expect(await labels(one)).toEqual(await labels(other))
  })

  it('is locked with the vault', async () => {
    one.vault.wipe()

    const refusal: unknown = await one.sync().catch((error: unknown) => error)
    expect(isWalletError(refusal, 'vault.locked')).toBe(true)
  })
})
