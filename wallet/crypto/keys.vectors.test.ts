import { argon2id as nobleArgon2id } from '@noble/hashes/argon2.js'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toBase64url, type AccountId, type VaultId } from '../protocol/index.ts'
import { argon2id } from './argon2id.ts'
import { label, passphraseBytes } from './bytes.ts'
import { hkdfExpand, hkdfExtract } from './hash.ts'
import { KDF_DEFAULT } from './kdf-params.ts'
import { deriveArgon2id } from './kdf.ts'
import {
  deriveAccountSeed,
  deriveEpochKey,
  derivePasskeyWrapKey,
  deriveRecoveryAccountSeed,
  deriveRecoveryWrapKey,
  deriveUnlockKey,
  deriveUnlockRoot,
  passkeyPrfInputs,
} from './key-schedule.ts'
import { exchangePublicKey, signingPublicKey } from './signing.ts'

interface Vectors {
  kdf: (Record<'passphrase' | 'passphraseBytes' | 'salt' | 'secretKey' | 'A' | 'R', string> &
    Record<'vaultId' | 'accountId' | 'KUK' | 'kukInfo' | 'askInfo' | 'askSeed', string> &
    Record<'m' | 't' | 'p', number> & { askPublic: string })[]
  recovery: Record<'RK' | 'vaultId' | 'accountId' | 'wrapKey' | 'rakSeed' | 'rakPublic', string>
  passkey: Record<'SK' | 'prfSalt' | 'prf1' | 'prf2' | 'vaultId' | 'credentialId', string> &
    Record<'prk' | 'wrapKey', string> & { prfInputs: [string, string] }
  rootKeys: { epoch: number; VRK: string; K_record: string; K_log: string; K_wrap: string }[]
}
interface Wycheproof {
  testGroups: {
    tests: {
      tcId: number
      ikm: string
      salt: string
      info: string
      size: number
      okm: string
      result: string
    }[]
  }[]
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./__vectors__/${name}.json`, import.meta.url), 'utf8'))
const vectors = read('vectors') as Vectors
const fromHex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('the unlock keys', () => {
  it.each(vectors.kdf)('hashes "$passphrase" at m=$m t=$t', async (vector) => {
    const password = passphraseBytes(vector.passphrase)
    const hash = await argon2id(password, fromHex(vector.salt), vector)

    expect(toHex(password)).toBe(vector.passphraseBytes)
    expect(toHex(hash)).toBe(vector.A)
  })

  it('hashes at the parameters of a new vault through the public door', async () => {
    const strong = vectors.kdf.find(({ m, t }) => m === KDF_DEFAULT.m && t === KDF_DEFAULT.t)
    if (!strong) throw new Error('no vector at the parameters of a new vault')
    const password = passphraseBytes(strong.passphrase)
    const hash = await deriveArgon2id(password, fromHex(strong.salt), KDF_DEFAULT)

    expect(toHex(hash)).toBe(strong.A)
  })

  it.each(vectors.kdf)('derives R, KUK and ASK from A at m=$m t=$t', (vector) => {
    const vaultBytes = fromHex(vector.vaultId)
    const accountBytes = fromHex(vector.accountId)
    const root = deriveUnlockRoot(fromHex(vector.A), fromHex(vector.secretKey))
    const seed = deriveAccountSeed(root, toBase64url(accountBytes) as AccountId)

    expect(toHex(root)).toBe(vector.R)
    expect(toHex(label('unlock', vaultBytes))).toBe(vector.kukInfo)
    expect(toHex(label('account', accountBytes))).toBe(vector.askInfo)
    expect(toHex(deriveUnlockKey(root, toBase64url(vaultBytes) as VaultId))).toBe(vector.KUK)
    expect(toHex(seed)).toBe(vector.askSeed)
    expect(toHex(signingPublicKey(seed))).toBe(vector.askPublic)
  })
})

describe('the recovery keys', () => {
  const { recovery } = vectors
  const recoveryKey = fromHex(recovery.RK)

  it('derives the key of the recovery wrap', () => {
    const vaultId = toBase64url(fromHex(recovery.vaultId)) as VaultId

    expect(toHex(deriveRecoveryWrapKey(recoveryKey, vaultId))).toBe(recovery.wrapKey)
  })

  it('derives RAK', () => {
    const accountId = toBase64url(fromHex(recovery.accountId)) as AccountId
    const seed = deriveRecoveryAccountSeed(recoveryKey, accountId)

    expect(toHex(seed)).toBe(recovery.rakSeed)
    expect(toHex(signingPublicKey(seed))).toBe(recovery.rakPublic)
  })
})

describe('the passkey wrap key', () => {
  const { passkey } = vectors
  const prf = { first: fromHex(passkey.prf1), second: fromHex(passkey.prf2) }
  const vaultId = toBase64url(fromHex(passkey.vaultId)) as VaultId
  const derive = (outputs = prf, secretKey = passkey.SK, credentialId = passkey.credentialId) =>
    toHex(derivePasskeyWrapKey(outputs, fromHex(secretKey), vaultId, fromHex(credentialId)))

  it('asks the authenticator for two outputs', () => {
    const { first, second } = passkeyPrfInputs(fromHex(passkey.prfSalt))

    expect([toHex(first), toHex(second)]).toEqual(passkey.prfInputs)
  })

  it('is derived from both, the Secret Key and the credential', () => {
    const joined = fromHex(passkey.prf1 + passkey.prf2)

    expect(toHex(hkdfExtract(fromHex(passkey.SK), joined))).toBe(passkey.prk)
    expect(derive()).toBe(passkey.wrapKey)
  })

  it('is another one with the outputs exchanged, another Secret Key or another credential', () => {
    const others = [
      derive({ first: prf.second, second: prf.first }),
      derive(prf, vectors.kdf[0]?.salt),
      derive(prf, passkey.SK, passkey.credentialId.replace(/.$/, '0')),
    ]

    expect(new Set([passkey.wrapKey, ...others]).size).toBe(4)
  })
})

describe('the root keys', () => {
  const vaultId = toBase64url(fromHex(vectors.kdf[0]?.vaultId ?? '')) as VaultId

  it.each(vectors.rootKeys)('derives the keys of epoch $epoch', (vector) => {
    const rootKey = fromHex(vector.VRK)
    const keyFor = (purpose: 'record' | 'log' | 'wrap') =>
      toHex(deriveEpochKey(purpose, rootKey, vaultId, vector.epoch))

    expect(keyFor('record')).toBe(vector.K_record)
    expect(keyFor('log')).toBe(vector.K_log)
    expect(keyFor('wrap')).toBe(vector.K_wrap)
  })
})

describe('Argon2id', () => {
  // RFC 9106 §5.3. Its secret and associated data have no place in our formats, and hash-wasm takes no
  // associated data: so the oracle proves itself here, and the product is compared with the oracle below.
  it('has an oracle that passes RFC 9106', () => {
    const tag = nobleArgon2id(new Uint8Array(32).fill(1), new Uint8Array(16).fill(2), {
      m: 32,
      t: 3,
      p: 4,
      version: 0x13,
      dkLen: 32,
      key: new Uint8Array(8).fill(3),
      personalization: new Uint8Array(12).fill(4),
    })

    expect(toHex(tag)).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659')
  })

  it.each([
    { m: 8, t: 1, size: 1 },
    { m: 33, t: 4, size: 12 },
    { m: 64, t: 3, size: 64 },
    { m: 257, t: 2, size: 127 },
    { m: 1024, t: 5, size: 200 },
  ])('agrees with the oracle at m=$m t=$t, $size bytes', async ({ m, t, size }) => {
    const password = hkdfExpand(new Uint8Array(32).fill(m % 256), label('password'), size)
    const salt = hkdfExpand(new Uint8Array(32).fill(t), label('salt'), 16)
    const oracle = nobleArgon2id(password, salt, { m, t, p: 1, version: 0x13, dkLen: 32 })

    expect(toHex(await argon2id(password, salt, { m, t }))).toBe(toHex(oracle))
  })
})

describe('HKDF-SHA-256', () => {
  const cases = (read('hkdf_sha256') as Wycheproof).testGroups.flatMap(({ tests }) => tests)

  it.each(cases)('gives the $result result of Wycheproof $tcId', (vector) => {
    const derive = () =>
      hkdfExpand(
        hkdfExtract(fromHex(vector.salt), fromHex(vector.ikm)),
        fromHex(vector.info),
        vector.size,
      )

    if (vector.result === 'valid') expect(toHex(derive())).toBe(vector.okm)
    else expect(derive).toThrow()
  })
})

it('computes the first X25519 step of RFC 7748 §5.2', () => {
  const secret = Uint8Array.of(9, ...new Uint8Array(31))

  expect(toHex(exchangePublicKey(secret))).toBe(
    '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079',
  )
})
