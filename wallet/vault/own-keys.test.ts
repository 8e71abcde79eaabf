import { describe, expect, it } from 'vitest'
import { fromBase64url, isWalletError } from '../protocol/index.ts'
import {
  createFakeClock,
  createKnownVault,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '../testing/index.ts'
import { createDeviceSecret, parseDeviceSecret } from './own-keys.ts'
import type { StoredRow } from './store.ts'

async function openKnown() {
  const store = createMemoryVaultStore()
  const clock = createFakeClock()
  const random = createSeededRandom('own keys')
  const known = await createKnownVault({ store, clock: clock.now, random, kdf: fastTestKdf })
  return { store, vault: known.vault }
}

describe('the keys of a device', () => {
  it('come back as they were made', () => {
    const content = createDeviceSecret(createSeededRandom('made'))
    const { ed25519, x25519 } = parseDeviceSecret(content)

    expect(ed25519).toEqual(fromBase64url(content['ed25519'] as string))
    expect(x25519).toEqual(fromBase64url(content['x25519'] as string))
    expect(() => parseDeviceSecret({ ...content, more: 1 })).toThrow()
    expect(() => parseDeviceSecret({ ...content, x25519: 'AAAA' })).toThrow()
  })

  it('are read from an open vault, the same every time', async () => {
    const { vault } = await openKnown()
    const keys = await vault.readDeviceKeys()

    expect(keys.ed25519).not.toEqual(keys.x25519)
    expect(await vault.readDeviceKeys()).toEqual(keys)
  })

  it('are not read from a record put in their place (C78)', async () => {
    const { vault, store } = await openKnown()
    const id = vault.deviceId as string
    const other = [...store.contents.rows.values()].find(
      (row) => (row as StoredRow).method === undefined && (row as StoredRow).recordId !== id,
    )
    store.contents.rows.set(id, { ...(other as StoredRow), recordId: id })

    const reading = vault.readDeviceKeys()
    await expect(reading).rejects.toSatisfy((error) => isWalletError(error, 'vault.corrupt'))
  })

  it('are gone with the lock', async () => {
    const { vault } = await openKnown()
    vault.wipe()

    await expect(vault.readDeviceKeys()).rejects.toMatchObject({ code: 'vault.locked' })
  })
})
