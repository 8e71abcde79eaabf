import { beforeEach, describe, expect, it } from 'vitest'
import { passkeyPrfInputs } from '../crypto/index.ts'
import {
  canonicalJson,
  fromBase64url,
  parseJson,
  toBase64url,
  type JsonObject,
} from '../protocol/index.ts'
import {
  KNOWN_PASSPHRASE,
  createFakeClock,
  createKnownVault,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  readableIn,
  type KnownVault,
  type MemoryVaultStore,
} from '../testing/index.ts'
import { assertRefused, wrapIn } from './__fixtures__/stored.ts'
import {
  addPasskey,
  createPasskeyQuestion,
  createVault,
  readUnlockMethods,
  recoverVault,
  removePasskey,
  rotateRootKey,
  unlockVault,
  unlockWithPasskey,
  type NewPasskey,
  type PasskeyAnswer,
  type StoredRow,
  type VaultHeader,
  type VaultPorts,
} from './index.ts'

let store: MemoryVaultStore
let ports: VaultPorts
let known: KnownVault
let passkey: NewPasskey
let kdfCalls: number

beforeEach(async () => {
  store = createMemoryVaultStore()
  const kdf: typeof fastTestKdf = (...given) => ((kdfCalls += 1), fastTestKdf(...given))
  ports = { store, kdf, clock: createFakeClock().now, random: createSeededRandom('passkeys') }
  known = await createKnownVault(ports)
  passkey = makePasskey()
  await addPasskey(ports, known.vault, passkey)
  kdfCalls = 0
})

/** A passkey as an authenticator makes it: an id and two answers to the two questions. */
function makePasskey(): NewPasskey {
  const { prfSalt } = createPasskeyQuestion(ports.random)
  const prf = { first: ports.random(32), second: ports.random(32) }
  return { credentialId: toBase64url(ports.random(20)), prfSalt, prf }
}

const unlock = (answer: PasskeyAnswer = passkey) => unlockWithPasskey(ports, answer)
const wrapRow = () => wrapIn(store, 'passkey')
const ids = async () =>
  (await readUnlockMethods(store)).passkeys.map(({ credentialId }) => credentialId)

describe('a passkey', () => {
  it('opens the vault without a hash, and the passphrase goes on opening it', async () => {
    const readable = await readableIn(known.vault)

    expect(await readableIn(await unlock())).toEqual(readable)
    expect(kdfCalls).toBe(0)
    await expect(unlockVault(ports, KNOWN_PASSPHRASE)).resolves.toBeDefined()
  })

  it('is found while the vault is locked, with what to ask of it', async () => {
    const { recoveryKey, passkeys } = await readUnlockMethods(store)
    const { credentialId, prfSalt } = passkey

    expect(recoveryKey).toBe(true)
    const prfInputs = passkeyPrfInputs(fromBase64url(prfSalt))
    expect(passkeys).toEqual([{ credentialId, prfSalt, prfInputs }])
    expect(passkeys[0]?.prfInputs.first).not.toEqual(passkeys[0]?.prfInputs.second)
  })

  it('is stored as its id and salt, and nothing that opens', () => {
    const { credentialId, prfSalt } = passkey

    expect(parseJson(wrapRow().params ?? '')).toEqual({ credentialId, prfSalt })
  })

  it('stands beside others', async () => {
    const other = makePasskey()
    await addPasskey(ports, known.vault, other)

    expect((await ids()).sort()).toEqual([passkey.credentialId, other.credentialId].sort())
    await expect(unlock(other)).resolves.toBeDefined()
    await expect(unlock()).resolves.toBeDefined()
    await assertRefused(store, () => unlock({ ...other, prf: passkey.prf }), 'vault.unlock_failed')
  })

  it('made anew takes the place of what it was', async () => {
    const anew = { ...makePasskey(), credentialId: passkey.credentialId }
    await addPasskey(ports, known.vault, anew)

    expect(await ids()).toEqual([passkey.credentialId])
    expect(wrapRow().rev).toBe(2)
    await expect(unlock(anew)).resolves.toBeDefined()
    await assertRefused(store, () => unlock(), 'vault.unlock_failed')
  })

  it('opens nothing with other answers, or with both exchanged', async () => {
    const { first, second } = passkey.prf
    const wrong = [
      { first, second: ports.random(32) },
      { first: ports.random(32), second },
      { first: second, second: first },
    ]
    for (const prf of wrong) {
      await assertRefused(store, () => unlock({ ...passkey, prf }), 'vault.unlock_failed')
    }
  })

  it('opens nothing without the Secret Key', async () => {
    const header = store.contents.header as VaultHeader
    store.contents.header = { ...header, secretKey: toBase64url(ports.random(16)) }

    await assertRefused(store, () => unlock(), 'vault.unlock_failed')
  })

  it('of another vault, or unknown, opens nothing', async () => {
    const elsewhere = { ...ports, store: createMemoryVaultStore() }
    const { vault } = await createVault(elsewhere, KNOWN_PASSPHRASE)
    await addPasskey(elsewhere, vault, passkey)
    const [foreign] = [...elsewhere.store.contents.rows.values()].filter(
      (row) => (row as StoredRow).method === 'passkey',
    ) as StoredRow[]

    await assertRefused(store, () => unlock(makePasskey()), 'vault.unlock_failed')
    store.contents.rows.set(wrapRow().recordId, { ...foreign, recordId: wrapRow().recordId })
    await assertRefused(store, () => unlock(), 'vault.unlock_failed')
  })

  it.each<[string, (params: JsonObject) => JsonObject]>([
    ['salt', (params) => ({ ...params, prfSalt: 'A'.repeat(22) })],
    ['member more', (params) => ({ ...params, more: 1 })],
    ['id', (params) => ({ ...params, credentialId: 'AAAA' })],
  ])('does not open a wrap of another %s (C78)', async (_, change) => {
    const wrap = wrapRow()
    const params = canonicalJson(change(parseJson(wrap.params ?? '') as JsonObject))
    store.contents.rows.set(wrap.recordId, { ...wrap, params })
    const [credentialId = passkey.credentialId] = await ids()

    await expect(unlock({ ...passkey, credentialId })).rejects.toMatchObject({
      code: expect.stringMatching(/^vault\.(corrupt|unlock_failed)$/) as unknown,
    })
  })

  it.each<[string, (right: NewPasskey) => Partial<NewPasskey>]>([
    ['short answers', () => ({ prf: { first: new Uint8Array(31), second: ports.random(32) } })],
    ['no second answer', ({ prf }) => ({ prf: { ...prf, second: new Uint8Array() } })],
    ['the same answer twice', ({ prf }) => ({ prf: { first: prf.first, second: prf.first } })],
    ['no id', () => ({ credentialId: '' })],
    ['an id that is no base64url', () => ({ credentialId: 'a+b' })],
    ['an id longer than any', () => ({ credentialId: 'AAAA'.repeat(342) })],
    ['a salt of another length', () => ({ prfSalt: 'AAAA' })],
  ])('is not taken with %s', async (_, change) => {
    const wrong = { ...makePasskey(), ...change(passkey) }

    await assertRefused(store, () => addPasskey(ports, known.vault, wrong), 'request.unprocessable')
  })

  it('is not taken by a locked vault, or one of an earlier epoch', async () => {
    await rotateRootKey(ports, { passphrase: KNOWN_PASSPHRASE })
    await assertRefused(store, () => addPasskey(ports, known.vault, makePasskey()), 'vault.locked')
    const vault = await unlockVault(ports, KNOWN_PASSPHRASE)
    vault.wipe()
    await assertRefused(store, () => addPasskey(ports, vault, makePasskey()), 'vault.locked')
  })
})

describe('a passkey removed', () => {
  it('opens nothing any more, and leaves a tombstone', async () => {
    const wrap = wrapRow()
    await removePasskey(ports, known.vault, passkey.credentialId)

    expect(await ids()).toEqual([])
    await assertRefused(store, () => unlock(), 'vault.unlock_failed')
    const tombstone = store.contents.rows.get(wrap.recordId) as StoredRow
    expect(tombstone).toMatchObject({ rev: 2, del: 1 })
    expect(Object.keys(tombstone)).not.toContain('params')
    expect((await known.vault.listRecords('key')).damaged).toEqual([])
  })

  it('does not come back by its old wrap under the next rev (C78)', async () => {
    const wrap = wrapRow()
    await removePasskey(ports, known.vault, passkey.credentialId)
    store.contents.rows.set(wrap.recordId, { ...wrap, rev: 3 })

    await assertRefused(store, () => unlock(), 'vault.corrupt')
  })

  it('cannot be removed twice, nor one that is not there', async () => {
    await removePasskey(ports, known.vault, passkey.credentialId)
    const remove = (id: string) => removePasskey(ports, known.vault, id)

    await assertRefused(store, () => remove(passkey.credentialId), 'request.not_found')
    await assertRefused(store, () => remove('AAAA'), 'request.not_found')
  })
})

describe('a new epoch', () => {
  const rotate = (passkeys?: readonly PasskeyAnswer[]) =>
    rotateRootKey(ports, { passphrase: KNOWN_PASSPHRASE, ...(passkeys && { passkeys }) })

  it('keeps a passkey that was touched, and drops the others by name', async () => {
    const other = makePasskey()
    await addPasskey(ports, known.vault, other)
    const { lostPasskeys } = await rotate([passkey])

    expect(lostPasskeys).toEqual([other.credentialId])
    expect(await ids()).toEqual([passkey.credentialId])
    await expect(unlock()).resolves.toBeDefined()
    await assertRefused(store, () => unlock(other), 'vault.unlock_failed')
  })

  it('is refused with answers that do not open the vault today, and nothing is lost', async () => {
    const wrong = { ...passkey, prf: makePasskey().prf }

    await assertRefused(store, () => rotate([wrong]), 'vault.unlock_failed')
    await assertRefused(store, () => rotate([makePasskey()]), 'vault.unlock_failed')
    await expect(unlock()).resolves.toBeDefined()
  })

  it('does not bring back a passkey that was removed as it began', async () => {
    const commit = store.commit.bind(store)
    store.commit = async (change) => {
      store.commit = commit
      await removePasskey(ports, known.vault, passkey.credentialId)
      return commit(change)
    }
    await rotate([passkey])

    expect(await ids()).toEqual([])
    await assertRefused(store, () => unlock(), 'vault.unlock_failed')
  })

  it('after a recovery leaves no passkey in force', async () => {
    const { recoveryKeyText } = known.kit
    const newPassphrase = 'another harbour at dusk'
    const { lostPasskeys } = await recoverVault(ports, { recoveryKeyText, newPassphrase })

    expect(lostPasskeys).toEqual([passkey.credentialId])
    expect(await ids()).toEqual([])
  })
})
