import { beforeEach, describe, expect, it } from 'vitest'
import { KDF_DEFAULT } from '../crypto/index.ts'
import { parseJson } from '../protocol/index.ts'
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
  changePassphrase,
  recoverVault,
  rotateRootKey,
  unlockVault,
  type KdfParams,
  type StoredRow,
  type VaultPorts,
} from './index.ts'

const NEW_PASSPHRASE = 'another harbour at dusk'

let store: MemoryVaultStore
let ports: VaultPorts
let known: KnownVault
/** What each run of the KDF was asked. */
let hashed: KdfParams[]

beforeEach(async () => {
  store = createMemoryVaultStore()
  const kdf: typeof fastTestKdf = (password, salt, params) => {
    hashed.push(params)
    return fastTestKdf(password, salt, params)
  }
  hashed = []
  const random = createSeededRandom('passphrase')
  ports = { store, kdf, clock: createFakeClock().now, random }
  known = await createKnownVault(ports)
  hashed = []
})

const wrapRow = () => wrapIn(store, 'passphrase')
const change = (passphrase = KNOWN_PASSPHRASE, newPassphrase = NEW_PASSPHRASE) =>
  changePassphrase(ports, { passphrase, newPassphrase })

/** Two at once: the codes of those that were refused. */
async function refusalsOf(...changes: Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(changes)
  return results
    .filter((result) => result.status === 'rejected')
    .map(({ reason }) => (reason as { code: unknown }).code)
}

describe('another passphrase', () => {
  it('opens the vault, and the old one no longer does', async () => {
    const before = await readableIn(known.vault)
    await change()

    expect(await readableIn(await unlockVault(ports, NEW_PASSPHRASE))).toEqual(before)
    await assertRefused(store, () => unlockVault(ports, KNOWN_PASSPHRASE), 'vault.unlock_failed')
  })

  it('replaces one wrap and nothing else, under another salt', async () => {
    const [before, wrap] = [structuredClone(store.contents), wrapRow()]
    await change()
    const salt = (row: StoredRow) => (parseJson(row.params ?? '') as { salt: string }).salt

    expect(store.contents.header).toEqual(before.header)
    expect(wrapRow()).toMatchObject({ recordId: wrap.recordId, rev: 2 })
    expect(salt(wrapRow())).not.toBe(salt(wrap))
    before.rows.set(wrap.recordId, wrapRow())
    expect(store.contents.rows).toEqual(before.rows)
  })

  it('leaves an open vault open, and the recovery kit in force', async () => {
    await change()

    expect(await known.vault.readRecord('key', known.keyId)).toMatchObject({ label: 'Work' })
    const { recoveryKeyText } = known.kit
    const recovered = recoverVault(ports, { recoveryKeyText, newPassphrase: KNOWN_PASSPHRASE })
    await expect(recovered).resolves.toBeDefined()
  })

  it('cannot be undone by putting the old wrap back with the new one’s place (C78)', async () => {
    const old = wrapRow()
    await change()
    const { rev, prev } = wrapRow()
    store.contents.rows.set(old.recordId, { ...old, rev, prev })

    await assertRefused(store, () => unlockVault(ports, KNOWN_PASSPHRASE), 'vault.corrupt')
  })

  it('is refused with a wrong old one after one hash, as unlocking is (C84)', async () => {
    await assertRefused(store, () => change('not the passphrase'), 'vault.unlock_failed')
    const changing = hashed.splice(0)
    await assertRefused(
      store,
      () => unlockVault(ports, 'not the passphrase'),
      'vault.unlock_failed',
    )

    expect(changing).toEqual([KDF_DEFAULT])
    expect(hashed).toEqual(changing)
  })

  it('is refused with a short new one before anything is hashed', async () => {
    for (const short of ['', 'eleven char', '🔑'.repeat(11)]) {
      await assertRefused(store, () => change(KNOWN_PASSPHRASE, short), 'request.unprocessable')
    }
    expect(hashed).toEqual([])
  })

  it('is refused with no vault, and with no room', async () => {
    store.failAtWrite(1)
    await assertRefused(store, () => change(), 'vault.quota')
    store.failAtWrite(0)
    store.contents.header = undefined
    await assertRefused(store, () => change(), 'request.not_found')
  })

  it('of two windows at once is the one that was faster (C88)', async () => {
    const other = 'a third harbour at noon'
    const refusals = await refusalsOf(change(), change(KNOWN_PASSPHRASE, other))

    expect(refusals).toEqual(['sync.conflict'])
    const opened = await Promise.allSettled(
      [KNOWN_PASSPHRASE, NEW_PASSPHRASE, other].map((each) => unlockVault(ports, each)),
    )
    expect(opened.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected'])
  })

  it('and a rotation at once: one wins, the other is told (C88)', async () => {
    const rotation = rotateRootKey(ports, { passphrase: KNOWN_PASSPHRASE })
    const refusals = await refusalsOf(change(), rotation)

    expect(refusals).toEqual(['sync.conflict'])
  })

  it('and a recovery at once: one vault comes out, and it opens (C88)', async () => {
    const newPassphrase = 'a third harbour at noon'
    const { recoveryKeyText } = known.kit
    await refusalsOf(change(), recoverVault(ports, { recoveryKeyText, newPassphrase }))
    const vault = await unlockVault(ports, newPassphrase)

    expect(await vault.readRecord('key', known.keyId)).toMatchObject({ label: 'Work' })
    await assertRefused(store, () => unlockVault(ports, NEW_PASSPHRASE), 'vault.unlock_failed')
  })
})
