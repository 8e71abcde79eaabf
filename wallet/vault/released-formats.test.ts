import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { parseSecretKey } from '../crypto/index.ts'
import { deriveArgon2id } from '../crypto/kdf.ts'
import { fromBase64url, toBase64url, type GrantId, type KeyId } from '../protocol/index.ts'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  type MemoryVaultStore,
} from '../testing/index.ts'
import {
  readUnlockMethods,
  readVaultState,
  recoverVault,
  renewRecoveryKey,
  rotateRootKey,
  unlockVault,
  type PassphraseKdf,
  type VaultPorts,
} from './index.ts'

interface Fixture {
  readonly passphrase: string
  readonly secretKeyText: string
  readonly keyId: KeyId
  readonly removedKeyId: KeyId
  readonly grantId: GrantId
  readonly header: { readonly secretKey: string }
  readonly rows: readonly (Record<'recordId' | 'prev' | 'envelope', string> & {
    readonly params?: string
  })[]
}

const file = new URL('./__fixtures__/vault-without-recovery-key.json', import.meta.url)
const fixture = JSON.parse(readFileSync(file, 'utf8')) as Fixture

let store: MemoryVaultStore
let ports: VaultPorts
let hash: ReturnType<PassphraseKdf> | undefined

/** The real hash of the fixture's passphrase, once; what is sealed anew here costs nothing. */
const kdf: PassphraseKdf = (password, salt, params) => {
  if (!fixture.rows.some(({ params: stored }) => stored?.includes(toBase64url(salt)))) {
    return fastTestKdf(password, salt, params)
  }
  hash ??= deriveArgon2id(password, salt, params)
  return hash.then((bytes) => bytes.slice())
}

beforeEach(() => {
  store = createMemoryVaultStore()
  store.contents.header = fixture.header
  for (const row of fixture.rows) {
    const [prev, envelope] = [fromBase64url(row.prev), fromBase64url(row.envelope)]
    store.contents.rows.set(row.recordId, { ...row, prev, envelope })
  }
  const random = createSeededRandom('released formats')
  ports = { store, kdf, clock: createFakeClock().now, random }
})

describe('a vault made before there were recovery keys', () => {
  it('opens with its passphrase, and every record in it', async () => {
    expect(await readVaultState(store)).toBe('present')
    expect(toBase64url(parseSecretKey(fixture.secretKeyText))).toBe(fixture.header.secretKey)

    const vault = await unlockVault(ports, fixture.passphrase)

    expect(await vault.readRecord('key', fixture.keyId)).toMatchObject({
      secret: 'fixture secret one',
      label: 'Work, renamed',
      lastTest: { outcome: 'works' },
    })
    expect(await vault.readRecord('key', fixture.removedKeyId)).toBeNull()
    expect(await vault.readRecord('grant', fixture.grantId)).toMatchObject({ status: 'active' })
    for (const kind of ['key', 'grant', 'identity'] as const) {
      const { records, damaged } = await vault.listRecords(kind)
      expect([records.length, damaged]).toEqual([1, []])
    }
  }, 60_000)

  it('says that it has no recovery key, and takes one', async () => {
    expect(await readUnlockMethods(store)).toEqual({ recoveryKey: false, passkeys: [] })

    const { recoveryKeyText, secretKeyText } = await renewRecoveryKey(ports, fixture.passphrase)

    expect(secretKeyText).toBe(fixture.secretKeyText)
    expect(await readUnlockMethods(store)).toEqual({ recoveryKey: true, passkeys: [] })
    const newPassphrase = 'another harbour at dusk'
    const { vault } = await recoverVault(ports, { recoveryKeyText, newPassphrase })
    expect(await vault.readRecord('grant', fixture.grantId)).toMatchObject({ status: 'active' })
  })

  it('goes on in a new epoch', async () => {
    const { vault } = await rotateRootKey(ports, { passphrase: fixture.passphrase })

    expect(await vault.readRecord('key', fixture.keyId)).toMatchObject({ label: 'Work, renamed' })
    expect(await readUnlockMethods(store)).toEqual({ recoveryKey: true, passkeys: [] })
  })
})
