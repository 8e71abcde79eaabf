import { beforeEach, describe, expect, it } from 'vitest'
import { createId, type DeviceId } from '../protocol/index.ts'
import {
  createFakeClock,
  createKnownVault,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '../testing/index.ts'
import { dropDeviceNames, nameDevice, readDeviceNames } from './device-labels.ts'
import type { OpenVault } from './open-vault.ts'

const random = createSeededRandom('device names')
const LAPTOP = createId<DeviceId>(random)
const PHONE = createId<DeviceId>(random)
let vault: OpenVault

beforeEach(async () => {
  const clock = createFakeClock()
  const store = createMemoryVaultStore()
  const made = await createKnownVault({ store, clock: clock.now, random, kdf: fastTestKdf })
  vault = made.vault
})

describe('names of devices', () => {
  it('are kept by device, and the last one counts', async () => {
    await nameDevice(vault, LAPTOP, 'Laptop')
    await nameDevice(vault, PHONE, 'Phone')
    await nameDevice(vault, LAPTOP, 'Old laptop')
    expect(await readDeviceNames(vault)).toEqual(
      new Map([
        [PHONE, 'Phone'],
        [LAPTOP, 'Old laptop'],
      ]),
    )
    expect((await vault.listRecords('device')).records).toHaveLength(2)
  })

  it('of one device named twice at once are one, the same for everybody', async () => {
    for (const name of ['here', 'there']) {
      await vault.createRecord('device', { deviceId: LAPTOP, name })
    }
    const first = await readDeviceNames(vault)
    expect(first.size).toBe(1)
    expect(await readDeviceNames(vault)).toEqual(first)
    await nameDevice(vault, LAPTOP, 'Laptop')
    expect((await readDeviceNames(vault)).get(LAPTOP)).toBe('Laptop')
  })

  it('go with the device', async () => {
    await nameDevice(vault, LAPTOP, 'Laptop')
    await nameDevice(vault, PHONE, 'Phone')
    await dropDeviceNames(vault, new Set([PHONE]))
    expect(await readDeviceNames(vault)).toEqual(new Map([[PHONE, 'Phone']]))
  })

  it.each(['', 'x'.repeat(61)])('are refused where they are none or too long', async (name) => {
    await expect(nameDevice(vault, LAPTOP, name)).rejects.toMatchObject({
      code: 'request.unprocessable',
    })
  })
})
