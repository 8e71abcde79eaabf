import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { createCipheriv } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createId, isWalletError, type DeviceId, type VaultId } from '../protocol/index.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { concat, label, utf8 } from './bytes.ts'
import { hpkeOpen, hpkeOpenContent, hpkeSeal, openEpochKey, sealEpochKey } from './hpke.ts'
import { createKeySeed, exchangePublicKey } from './signing.ts'

/** Of the section `relay`, what a single seal has: its streaming is not built yet. */
interface RelayVectors {
  relay: Record<'walletSecret' | 'enc' | 'info' | 'key' | 'baseNonce', string>
}
const file = new URL('./__vectors__/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as RelayVectors
const fromHex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const random = createSeededRandom('hpke')
const info = label('transfer', utf8('a test'))
const plain = utf8('sixty-four bytes or so of something that nobody else may ever read')

function oracle() {
  return new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  })
}
const isCorrupt = (error: unknown) => isWalletError(error, 'vault.corrupt')

describe('HPKE', () => {
  it('opens what another library sealed, and the other way round', async () => {
    const secret = createKeySeed(random)
    const publicKey = exchangePublicKey(secret)
    const suite = oracle()
    const recipientKey = {
      privateKey: await suite.kem.importKey('raw', secret.buffer, false),
      publicKey: await suite.kem.importKey('raw', publicKey.buffer, true),
    }
    const theirs = await suite.seal({ recipientPublicKey: recipientKey.publicKey, info }, plain)
    const ours = await hpkeSeal(publicKey, info, plain)

    const sealed = { enc: new Uint8Array(theirs.enc), sealed: new Uint8Array(theirs.ct) }
    expect(await hpkeOpen(secret, info, sealed)).toEqual(plain)
    const opened = await suite.open({ recipientKey, enc: ours.enc, info }, ours.sealed)
    expect(new Uint8Array(opened)).toEqual(plain)
  })

  it('derives the key and nonce of the shared vectors', async () => {
    const { walletSecret, enc, info: relayInfo, key, baseNonce } = vectors.relay
    const cipher = createCipheriv('aes-256-gcm', fromHex(key), fromHex(baseNonce))
    const body = concat(cipher.update(plain), cipher.final(), cipher.getAuthTag())
    const sealed = { enc: fromHex(enc), sealed: body }

    expect(await hpkeOpen(fromHex(walletSecret), fromHex(relayInfo), sealed)).toEqual(plain)
  })

  it('opens nothing for another key or purpose, or with a bit flipped', async () => {
    const secret = createKeySeed(random)
    const { enc, sealed } = await hpkeSeal(exchangePublicKey(secret), info, plain)
    const other = label('transfer', utf8('another'))
    const flipped = (bytes: Uint8Array, at: number) => {
      const copy = Uint8Array.from(bytes)
      copy[at] = (copy[at] ?? 0) ^ 1
      return copy
    }

    await expect(hpkeOpen(createKeySeed(random), info, { enc, sealed })).rejects.toSatisfy(
      isCorrupt,
    )
    await expect(hpkeOpen(secret, other, { enc, sealed })).rejects.toSatisfy(isCorrupt)
    for (const at of [0, plain.length, sealed.length - 1]) {
      const spoiled = { enc, sealed: flipped(sealed, at) }
      await expect(hpkeOpen(secret, info, spoiled)).rejects.toSatisfy(isCorrupt)
    }
    const moved = { enc: flipped(enc, 3), sealed }
    await expect(hpkeOpen(secret, info, moved)).rejects.toSatisfy(isCorrupt)
  })

  it('seals to no key of small order: anybody could open it (C82)', async () => {
    for (const key of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))]) {
      const sealing = hpkeSeal(key, info, plain)
      await expect(sealing).rejects.toSatisfy((error) => isWalletError(error, 'request.invalid'))
    }
  })

  it('seals one text differently every time', async () => {
    const publicKey = exchangePublicKey(createKeySeed(random))
    const [one, two] = [
      await hpkeSeal(publicKey, info, plain),
      await hpkeSeal(publicKey, info, plain),
    ]

    expect(one.enc).not.toEqual(two.enc)
    expect(one.sealed).not.toEqual(two.sealed)
  })

  it('takes an object, and nothing else, for content', async () => {
    const secret = createKeySeed(random)
    const sealed = await hpkeSeal(exchangePublicKey(secret), info, utf8('[1]'))

    await expect(hpkeOpenContent(secret, info, sealed)).rejects.toSatisfy(isCorrupt)
  })
})

describe('the root key of an epoch, for one device', () => {
  const place = { vaultId: createId<VaultId>(random), deviceId: createId<DeviceId>(random) }
  const secret = createKeySeed(random)
  const entry = { epoch: 3, rootKey: random(32) }

  it('opens for that device, vault and epoch alone', async () => {
    const key = await sealEpochKey(place, exchangePublicKey(secret), entry)
    expect(await openEpochKey(place, secret, 3, key)).toEqual(entry)

    const otherVault = { ...place, vaultId: createId<VaultId>(random) }
    const otherDevice = { ...place, deviceId: createId<DeviceId>(random) }
    const renamed = { ...key, deviceId: otherDevice.deviceId }
    await expect(openEpochKey(place, secret, 4, key)).rejects.toSatisfy(isCorrupt)
    await expect(openEpochKey(otherVault, secret, 3, key)).rejects.toSatisfy(isCorrupt)
    await expect(openEpochKey(otherDevice, secret, 3, key)).rejects.toSatisfy(isCorrupt)
    await expect(openEpochKey(otherDevice, secret, 3, renamed)).rejects.toSatisfy(isCorrupt)
    await expect(openEpochKey(place, createKeySeed(random), 3, key)).rejects.toSatisfy(isCorrupt)
  })

  it('is not taken from a content that names another epoch', async () => {
    const sealed = await sealEpochKey(place, exchangePublicKey(secret), entry)
    const { enc, sealed: body } = await hpkeSeal(
      exchangePublicKey(secret),
      label('epoch', idBytes(place.vaultId), idBytes(place.deviceId), Uint8Array.of(0, 0, 0, 4)),
      utf8(JSON.stringify({ epoch: 3, vrk: 'A'.repeat(43) })),
    )
    const forged = { ...sealed, enc: toText(enc), sealed: toText(body) }

    await expect(openEpochKey(place, secret, 4, forged)).rejects.toSatisfy(isCorrupt)
  })
})

const idBytes = (id: string) => Uint8Array.from(Buffer.from(id, 'base64url'))
const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
