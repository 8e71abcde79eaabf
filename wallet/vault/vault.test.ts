import { beforeEach, describe, expect, it } from 'vitest'
import { KDF_DEFAULT, openEnvelope, parseSecretKey } from '../crypto/index.ts'
import {
  canonicalJson,
  isWalletError,
  parseJson,
  toBase64url,
  type JsonObject,
} from '../protocol/index.ts'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  type MemoryVaultStore,
} from '../testing/index.ts'
import { assertRefused } from './__fixtures__/stored.ts'
import {
  createVault,
  readVaultState,
  reopenVault,
  unlockVault,
  type PassphraseKdf,
  type StoredRow,
  type VaultHeader,
  type VaultPorts,
} from './index.ts'
import { createRootKeys } from './root-keys.ts'

const PASSPHRASE = 'a quiet harbour at dawn'

let store: MemoryVaultStore
let kdfCalls: number
let ports: VaultPorts

beforeEach(() => {
  store = createMemoryVaultStore()
  kdfCalls = 0
  const kdf: PassphraseKdf = (...inputs) => {
    kdfCalls += 1
    return fastTestKdf(...inputs)
  }
  ports = { store, kdf, clock: createFakeClock().now, random: createSeededRandom('vault') }
})

const header = () => store.contents.header as VaultHeader
const rows = () => [...store.contents.rows.values()] as StoredRow[]
const wrapRow = () => {
  const wrap = rows().find(({ method }) => method === 'passphrase')
  if (!wrap) throw new Error('no wrap')
  return wrap
}
const put = (row: StoredRow) => store.contents.rows.set(row.recordId, row)

describe('creating a vault', () => {
  it('writes header, wraps, device keys and identity in one commit', async () => {
    const { vault, kit } = await createVault(ports, PASSPHRASE)

    expect(toBase64url(parseSecretKey(kit.secretKeyText))).toBe(header().secretKey)
    expect(header()).toMatchObject({ schema: 1, epoch: 1, minSuite: 1, deviceId: vault.deviceId })
    expect(rows()).toHaveLength(4)
    expect(rows().filter(({ method }) => method === 'recovery')).toHaveLength(1)
    expect(kit.accountId).toBe(vault.accountId)
    expect(rows().every(({ writerDeviceId }) => writerDeviceId === vault.deviceId)).toBe(true)
    expect(parseJson(wrapRow().params ?? '')).toMatchObject({ kdf: { m: 65_536, t: 3, p: 1 } })
    const { records } = await vault.listRecords('identity')
    expect(records).toHaveLength(1)
    expect(kdfCalls).toBe(1)
  })

  it('seals the device keys under the id of the device', async () => {
    const { vault } = await createVault(ports, PASSPHRASE)
    const { vaultId, deviceId } = vault
    const row = rows().find(({ recordId }) => (recordId as string) === deviceId)
    const rootKey = Buffer.from(vault.exportRootKeys()[0]?.rootKey ?? '', 'base64url')
    const keys = createRootKeys(vaultId, [{ epoch: 1, rootKey: Uint8Array.from(rootKey) }])
    const device =
      row &&
      openEnvelope({
        type: 'device',
        keyOf: (epoch) => keys.recordKey(epoch),
        vaultId,
        row,
        envelope: row.envelope,
      })

    expect(Object.keys(device ?? {}).sort()).toEqual(['ed25519', 'x25519'])
    expect(device?.['ed25519']).not.toBe(device?.['x25519'])
  })

  it('makes another vault each time', async () => {
    const first = await createVault(ports, PASSPHRASE)
    const other = await createVault({ ...ports, store: createMemoryVaultStore() }, PASSPHRASE)

    expect(other.kit.secretKeyText).not.toBe(first.kit.secretKeyText)
    expect(other.kit.recoveryKeyText).not.toBe(first.kit.recoveryKeyText)
    expect(other.vault.vaultId).not.toBe(first.vault.vaultId)
    expect(other.vault.exportRootKeys()).not.toEqual(first.vault.exportRootKeys())
  })

  it.each(['', 'eleven char', 'ﬁﬁﬁ' + 'five.', '🔑'.repeat(11)])(
    'refuses the short passphrase "%s" before hashing',
    async (passphrase) => {
      await assertRefused(store, () => createVault(ports, passphrase), 'request.unprocessable')
      expect(kdfCalls).toBe(0)
    },
  )

  it('counts characters, not code units', async () => {
    await expect(createVault(ports, '🔑'.repeat(12))).resolves.toBeDefined()
  })

  it('refuses to replace a vault', async () => {
    await createVault(ports, PASSPHRASE)

    await assertRefused(store, () => createVault(ports, PASSPHRASE), 'sync.conflict')
  })

  it('refuses to write over a vault that lost its header (C85)', async () => {
    await createVault(ports, PASSPHRASE)
    store.contents.header = undefined

    await assertRefused(store, () => createVault(ports, PASSPHRASE), 'vault.corrupt')
  })

  it('leaves nothing behind where there is no room, at whichever write (C86)', async () => {
    for (let write = 1; write <= 5; write++) {
      store.failAtWrite(write)
      await assertRefused(store, () => createVault(ports, PASSPHRASE), 'vault.quota')
    }
    expect(await readVaultState(store)).toBe('none')
  })

  it('refuses a generator that is stuck (C89)', async () => {
    const stuck = (sizeBytes: number) => new Uint8Array(sizeBytes).fill(9)

    await assertRefused(
      store,
      () => createVault({ ...ports, random: stuck }, PASSPHRASE),
      'internal',
    )
  })
})

describe('unlocking', () => {
  it('takes the passphrase, hashing once and writing nothing', async () => {
    const { vault: created } = await createVault(ports, PASSPHRASE)
    const before = structuredClone(store.contents)
    const vault = await unlockVault(ports, PASSPHRASE)

    expect(vault.exportRootKeys()).toEqual(created.exportRootKeys())
    expect(store.contents).toEqual(before)
    expect(kdfCalls).toBe(2)
    await vault.listRecords('key')
    expect(kdfCalls).toBe(2)
  })

  it('takes the passphrase typed with another keyboard', async () => {
    await createVault(ports, 'cafe\u0301 by the harbour')

    await expect(unlockVault(ports, 'café by the harbour')).resolves.toBeDefined()
  })

  it.each([PASSPHRASE + ' ', PASSPHRASE.toUpperCase(), ''])('refuses "%s"', async (wrong) => {
    await createVault(ports, PASSPHRASE)

    await assertRefused(store, () => unlockVault(ports, wrong), 'vault.unlock_failed')
  })

  it('refuses the right passphrase with another Secret Key', async () => {
    await createVault(ports, PASSPHRASE)
    store.contents.header = { ...header(), secretKey: toBase64url(ports.random(16)) }

    await assertRefused(store, () => unlockVault(ports, PASSPHRASE), 'vault.unlock_failed')
  })

  it.each([
    ['less memory', { m: 19_456 }],
    ['fewer passes', { t: 1 }],
    ['a tebibyte', { m: 2 ** 30 }],
    ['two lanes', { p: 2 }],
    ['another algorithm', { alg: 'pbkdf2' }],
  ])('refuses a wrap that asks for %s before hashing (C81)', async (_, change) => {
    await createVault(ports, PASSPHRASE)
    const params = parseJson(wrapRow().params ?? '') as { kdf: JsonObject; salt: string }
    put({ ...wrapRow(), params: canonicalJson({ ...params, kdf: { ...params.kdf, ...change } }) })
    kdfCalls = 0

    await assertRefused(store, () => unlockVault(ports, PASSPHRASE), 'vault.corrupt')
    expect(kdfCalls).toBe(0)
  })

  it('refuses a wrap whose salt or allowed parameters were swapped', async () => {
    await createVault(ports, PASSPHRASE)
    const kdf = { ...KDF_DEFAULT, t: 4 }
    const params = parseJson(wrapRow().params ?? '') as { kdf: JsonObject; salt: string }
    for (const swapped of [
      { ...params, salt: toBase64url(ports.random(16)) },
      { ...params, kdf },
    ]) {
      put({ ...wrapRow(), params: canonicalJson(swapped) })

      await assertRefused(store, () => unlockVault(ports, PASSPHRASE), 'vault.unlock_failed')
    }
  })

  it.each<[string, (row: StoredRow) => unknown]>([
    ['gone', () => undefined],
    ['half a row', ({ recordId }) => ({ recordId, method: 'passphrase' })],
    ['without parameters', (row) => ({ ...row, params: 'no JSON' })],
    ['cut short', (row) => ({ ...row, envelope: row.envelope.slice(0, 99) })],
    ['moved to another rev', (row) => ({ ...row, rev: 2 })],
    ['a tombstone', (row) => ({ ...row, del: 1 })],
  ])('finds the vault damaged when its wrap is %s, and writes nothing', async (_, damage) => {
    await createVault(ports, PASSPHRASE)
    const row = wrapRow()
    const damaged = damage(row)
    if (damaged === undefined) store.contents.rows.delete(row.recordId)
    else store.contents.rows.set(row.recordId, damaged)

    await assertRefused(store, () => unlockVault(ports, PASSPHRASE), 'vault.corrupt')
  })

  it('refuses a wrap of another epoch than the header’s', async () => {
    await createVault(ports, PASSPHRASE)
    store.contents.header = { ...header(), epoch: 2 }

    await assertRefused(store, () => unlockVault(ports, PASSPHRASE), 'vault.corrupt')
  })

  it('refuses two passphrase wraps', async () => {
    await createVault(ports, PASSPHRASE)
    const recordId = toBase64url(ports.random(16)) as StoredRow['recordId']
    put({ ...wrapRow(), recordId })

    await assertRefused(store, () => unlockVault(ports, PASSPHRASE), 'vault.corrupt')
  })

  it('says that there is no vault where there is none', async () => {
    await assertRefused(store, () => unlockVault(ports, PASSPHRASE), 'request.not_found')
    expect(kdfCalls).toBe(0)
  })
})

describe('the state of a vault', () => {
  it('is none, then present', async () => {
    expect(await readVaultState(store)).toBe('none')
    await createVault(ports, PASSPHRASE)
    expect(await readVaultState(store)).toBe('present')
  })

  it.each<[string, unknown, string]>([
    ['null', null, 'damaged'],
    ['text', 'header', 'damaged'],
    ['a header without members', {}, 'damaged'],
    ['a later schema', { schema: 2 }, 'newer'],
    ['a schema that is no number', { schema: '1' }, 'damaged'],
    ['nothing, beside rows', undefined, 'damaged'],
  ])('with %s in place of the header is told, and unlocking refused', async (_, stored, state) => {
    await createVault(ports, PASSPHRASE)
    store.contents.header = stored

    expect(await readVaultState(store)).toBe(state)
    await expect(unlockVault(ports, PASSPHRASE)).rejects.toSatisfy((error) => isWalletError(error))
    expect(kdfCalls).toBe(1)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['a suite this version does not know', { minSuite: 2 }, 'newer'],
    ['a Secret Key cut short', { secretKey: 'AAAA' }, 'damaged'],
    ['a Secret Key with stray bits', { secretKey: 'A'.repeat(21) + 'B' }, 'damaged'],
    ['an id cut short', { vaultId: 'AAAA' }, 'damaged'],
    ['epoch 0', { epoch: 0 }, 'damaged'],
    ['a member too many', { more: 1 }, 'damaged'],
  ])('with %s is told', async (_, change, state) => {
    await createVault(ports, PASSPHRASE)
    store.contents.header = { ...header(), ...change }

    expect(await readVaultState(store)).toBe(state)
  })
})

describe('reopening', () => {
  it('takes exported root keys, without a KDF', async () => {
    const { vault } = await createVault(ports, PASSPHRASE)
    const exported: unknown = JSON.parse(JSON.stringify(vault.exportRootKeys()))
    kdfCalls = 0
    const reopened = await reopenVault(ports, exported)

    expect((await reopened.listRecords('identity')).records).toHaveLength(1)
    expect(kdfCalls).toBe(0)
  })

  it('still works when the device row is damaged', async () => {
    const { vault } = await createVault(ports, PASSPHRASE)
    store.contents.rows.set(vault.deviceId, { recordId: vault.deviceId })

    await expect(reopenVault(ports, vault.exportRootKeys())).resolves.toBeDefined()
  })

  it('refuses the root keys of another vault', async () => {
    await createVault(ports, PASSPHRASE)
    const elsewhere = { ...ports, store: createMemoryVaultStore() }
    const { vault: other } = await createVault(elsewhere, PASSPHRASE)

    await assertRefused(store, () => reopenVault(ports, other.exportRootKeys()), 'vault.locked')
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty list', []],
    ['text', 'keys'],
    ['a short key', [{ epoch: 1, rootKey: 'AAAA' }]],
    ['stray bits', [{ epoch: 1, rootKey: 'A'.repeat(42) + 'B' }]],
    ['another epoch', [{ epoch: 2, rootKey: 'A'.repeat(43) }]],
    ['a member too many', [{ epoch: 1, rootKey: 'A'.repeat(43), more: 1 }]],
  ])('asks to unlock when the session cache holds %s', async (_, cached) => {
    await createVault(ports, PASSPHRASE)

    await assertRefused(store, () => reopenVault(ports, cached), 'vault.locked')
  })

  it('says that there is no vault where there is none', async () => {
    await assertRefused(store, () => reopenVault(ports, []), 'request.not_found')
  })
})
