/** formats §4: a secret that loses is kept 30 days. */
import { beforeEach, describe, expect, it } from 'vitest'
import { KEPT_SECRETS_MAX, type KeyId } from '../protocol/index.ts'
import { knownKey } from '../testing/index.ts'
import { forgetKept, keptNow, keptSince } from '../vault/index.ts'
import { createSyncWorld, type SyncDevice, type SyncWorld } from './__fixtures__/sync-world.ts'

const DAY_MS = 86_400_000

let world: SyncWorld
let one: SyncDevice
let other: SyncDevice
let third: SyncDevice
let id: KeyId

beforeEach(async () => {
  world = await createSyncWorld(3)
  ;[one, other, third] = world.devices as unknown as [SyncDevice, SyncDevice, SyncDevice]
  id = await one.vault.createRecord('key', { ...knownKey('shared'), secret: 'first' })
  await everywhere()
})

/** Everybody has what everybody wrote. */
async function everywhere(): Promise<void> {
  for (const device of [one, other, third, one, other, third]) await device.sync()
}

async function replace({ vault }: SyncDevice, secret: string): Promise<void> {
  world.clock.advance(1)
  await vault.updateRecord('key', id, { secret })
}

async function rename({ vault }: SyncDevice, label: string): Promise<void> {
  world.clock.advance(1)
  await vault.updateRecord('key', id, { label })
}

async function forget({ vault }: SyncDevice): Promise<void> {
  const history = (await vault.readRecord('key', id))?.history ?? []
  world.clock.advance(1)
  await vault.updateRecord('key', id, { history: forgetKept(history, history[0]?.id ?? '') })
}

/** What each device uses, and keeps beside it. */
async function shown(): Promise<readonly unknown[]> {
  return Promise.all(
    [one, other, third].map(async ({ vault }) => {
      const fields = await vault.readRecord('key', id)
      const kept = keptNow(fields?.history, world.clock.now())
      return [fields?.secret, ...kept.map(({ secret }) => secret)]
    }),
  )
}

const allShow = (...secrets: readonly string[]) => [secrets, secrets, secrets]

describe('a secret that two devices replaced at once', () => {
  it('is the later one, and the other is kept on every device', async () => {
    await replace(one, 'ones')
    await replace(other, 'others')
    await everywhere()

    expect(await shown()).toEqual(allShow('others', 'ones'))
  })

  it('is listed without any secret, with when it was saved and how long it is kept', async () => {
    await replace(one, 'ones')
    const savedAt = world.clock.now()
    await replace(other, 'others')
    const mergedAt = world.clock.now()
    await everywhere()

    const { records } = await third.vault.listKeys()
    const facts = records.find((record) => record.id === id)?.fields
    expect(facts?.kept?.map((kept) => [keptSince(kept), kept.until])).toEqual([
      [savedAt, mergedAt + 30 * DAY_MS],
    ])
    expect(JSON.stringify(records)).not.toContain('"ones"')
    expect(JSON.stringify(records)).not.toContain('"others"')
  })

  it('of three keeps both that lost', async () => {
    await replace(one, 'ones')
    await replace(other, 'others')
    await replace(third, 'thirds')
    await everywhere()

    expect(await shown()).toEqual(allShow('thirds', 'others', 'ones'))
  })

  it('with the same one loses nothing', async () => {
    await replace(one, 'same')
    await replace(other, 'same')
    await everywhere()

    expect(await shown()).toEqual(allShow('same'))
  })

  it('is gone for good after 30 days', async () => {
    await replace(one, 'ones')
    await replace(other, 'others')
    await everywhere()
    world.clock.advance(30 * DAY_MS)
    expect(await shown()).toEqual(allShow('others'))

    await rename(one, 'a')
    await rename(other, 'b')
    await everywhere()
    for (const { vault } of [one, other, third]) {
      expect((await vault.readRecord('key', id))?.history).toEqual([])
    }
  })

  it('is kept no more often than a record has room for, the latest of them', async () => {
    for (let time = 1; time <= KEPT_SECRETS_MAX + 1; time++) {
      await replace(one, `ones ${String(time)}`)
      await replace(other, `others ${String(time)}`)
      await everywhere()
    }

    expect(await shown()).toEqual(allShow('others 4', 'ones 4', 'ones 3', 'ones 2'))
  })
})

describe('a secret that a device replaced in sight of it', () => {
  it('did not lose, though another device changed something else meanwhile', async () => {
    await replace(one, 'second')
    await rename(other, 'renamed')
    await everywhere()

    expect(await shown()).toEqual(allShow('second'))
  })

  it('did not lose where it was replaced again and again', async () => {
    for (const secret of ['second', 'third', 'fourth']) await replace(one, secret)
    await rename(other, 'renamed')
    await everywhere()

    expect(await shown()).toEqual(allShow('fourth'))
  })
})

describe('a secret that is kept', () => {
  beforeEach(async () => {
    await replace(one, 'ones')
    await replace(other, 'others')
    await everywhere()
  })

  it('changes its place with the one in use where it is taken', async () => {
    await replace(third, 'ones')
    await rename(other, 'renamed')
    await everywhere()

    expect(await shown()).toEqual(allShow('ones', 'others'))
  })

  it('does not come back once it was forgotten, whoever else changed the key', async () => {
    await forget(third)
    await rename(one, 'renamed')
    await rename(other, 'renamed too')
    await everywhere()

    expect(await shown()).toEqual(allShow('others'))
    for (const { vault } of [one, other, third]) {
      expect(JSON.stringify(await vault.readRecord('key', id))).not.toContain('"ones"')
    }
  })

  it('stays while other things change', async () => {
    await rename(one, 'renamed')
    await everywhere()
    await replace(third, 'newest')
    await everywhere()

    expect(await shown()).toEqual(allShow('newest', 'ones'))
  })
})
