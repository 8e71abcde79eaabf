/** A new device by passphrase and kit, at an honest server and at one that lies. */
import { openTestServer, type TestServer } from '@valetkey/server/testing'
import {
  toBase64url,
  type DeviceId,
  type DevicesDocument,
  type JsonObject,
  type PullReply,
} from '@valetkey/wallet/protocol'
import {
  certifyDevice,
  decodeHead,
  devicesHash,
  joinWithKit,
  signHead,
  signUp,
  signedHeadOf,
  type Head,
  type ServerFetch,
} from '@valetkey/wallet/sync'
import { KNOWN_PASSPHRASE, fastTestKdf, knownKey, readableIn } from '@valetkey/wallet/testing'
import { createKeySeed, signingPublicKey } from '@valetkey/wallet/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientAt, codeOf, createWallet, random, writeJoined } from './wallet-device.ts'

let test: TestServer
beforeAll(async () => {
  test = await openTestServer(':memory:')
})
afterAll(() => test[Symbol.asyncDispose]())

async function signedUp() {
  const wallet = await createWallet(test)
  const { vault, store, kit } = wallet
  const ports = { client: clientAt(test.fetch), vault, store, kdf: fastTestKdf }
  const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText: kit.recoveryKeyText }
  wallet.memory = (await signUp(ports, how)).memory
  const { accountId, secretKeyText } = kit
  const accountIdText: string = accountId
  return { wallet, join: { accountIdText, secretKeyText, passphrase: KNOWN_PASSPHRASE } }
}

const portsThrough = (fetch: ServerFetch) => ({ client: clientAt(fetch), kdf: fastTestKdf })

/** The server’s replies to some path, changed on their way. */
function lying(path: string, lie: (data: JsonObject) => JsonObject): ServerFetch {
  return async (url, init) => {
    const reply = await test.fetch(url, init)
    if (!url.endsWith(path)) return reply
    const { data } = (await reply.json()) as { data: JsonObject }
    return Response.json({ success: true, data: lie(data) })
  }
}

describe('joining with passphrase and kit', { timeout: 30_000 }, () => {
  it('brings the vault, and both devices go on with it', async () => {
    const { wallet, join } = await signedUp()
    const joined = await joinWithKit(portsThrough(test.fetch), join)
    const other = await writeJoined(test, joined)
    expect(await readableIn(other.vault)).toEqual(await readableIn(wallet.vault))
    expect(other.vault.deviceId).not.toBe(wallet.vault.deviceId)

    const id = await other.vault.createRecord('key', knownKey('from the new device'))
    expect((await other.sync()).seq).toBe(3)
    expect((await wallet.sync()).changed).toEqual([id])
    expect((await wallet.session.devices()).document.devices).toHaveLength(2)
  })

  it('refuses what does not belong together, and never says which it was', async () => {
    const { join } = await signedUp()
    const other = await createWallet(test)
    const ask = (change: Partial<typeof join>) =>
      codeOf(joinWithKit(portsThrough(test.fetch), { ...join, ...change }))

    expect(await ask({ passphrase: 'another passphrase' })).toBe('auth.failed')
    expect(await ask({ secretKeyText: other.kit.secretKeyText })).toBe('auth.failed')
    expect(await ask({ accountIdText: other.kit.accountId })).toBe('auth.failed')
    expect(await ask({ secretKeyText: 'VK1-AAAA' })).toBe('request.invalid')
    expect(await ask({ accountIdText: 'my account' })).toBe('request.invalid')
  })

  it('begins again where another device wrote meanwhile', async () => {
    const { wallet, join } = await signedUp()
    let writes = 0
    const racing: ServerFetch = async (url, init) => {
      if (url.endsWith('/enrol') && writes < 2) {
        writes += 1
        await wallet.vault.createRecord('key', knownKey(`meanwhile ${writes}`))
        await wallet.sync()
      }
      return test.fetch(url, init)
    }
    const other = await writeJoined(test, await joinWithKit(portsThrough(racing), join))

    expect(writes).toBe(2)
    expect(await readableIn(other.vault)).toEqual(await readableIn(wallet.vault))
    expect((await other.sync()).seq).toBe(4)
  })

  it('is one device where the reply was lost', async () => {
    const { wallet, join } = await signedUp()
    let lost = 0
    const flaky: ServerFetch = async (url, init) => {
      const reply = await test.fetch(url, init)
      if (!url.endsWith('/enrol') || lost > 0) return reply
      lost += 1
      throw new TypeError('failed to fetch')
    }
    const other = await writeJoined(test, await joinWithKit(portsThrough(flaky), join))

    expect(lost).toBe(1)
    expect((await other.sync()).seq).toBe(2)
    expect((await wallet.session.devices()).document.devices).toHaveLength(2)
  })

  it('C81: hashes nothing with parameters outside its bounds', async () => {
    const { join } = await signedUp()
    let hashed = 0
    const kdf: typeof fastTestKdf = (...input) => {
      hashed += 1
      return fastTestKdf(...input)
    }
    const lies = [{ m: 19_456 }, { m: 2 ** 30 }, { t: 1 }, { t: 1000 }]
    for (const lie of lies) {
      const fetch = lying('/prelogin', (told) => ({
        ...told,
        kdf: { ...(told['kdf'] as JsonObject), ...lie },
      }))
      expect(await codeOf(joinWithKit({ client: clientAt(fetch), kdf }, join))).toBe(
        'vault.corrupt',
      )
    }
    expect(hashed).toBe(0)
    const fetch = lying('/prelogin', (told) => ({ ...told, suite: 2 }))
    expect(await codeOf(joinWithKit({ client: clientAt(fetch), kdf }, join))).toBe('vault.newer')
  })

  it('C81: opens no wrap of another salt than it was told', async () => {
    const { join } = await signedUp()
    // A server that asks nobody for a signature.
    const pages = await recordPages(join)
    const salt = toBase64url(random(16))
    const fetch: ServerFetch = async (url, init) => {
      if (url.endsWith('/vault')) return Response.json({ success: true, data: pages.at(-1) })
      return lying('/prelogin', (told) => ({ ...told, salt }))(url, init)
    }

    expect(await codeOf(joinWithKit(portsThrough(fetch), join))).toBe('sync.rollback')
  })

  it('C80: refuses a vault with a row left out, or an old one in its place', async () => {
    const { join } = await signedUp()
    const omit = lying('/devices/vault', (page) => ({
      ...page,
      rows: (page['rows'] as JsonObject[]).slice(1),
    }))
    const stale = lying('/devices/vault', (page) => ({
      ...page,
      rows: (page['rows'] as JsonObject[]).map((row, at) => (at === 1 ? { ...row, rev: 9 } : row)),
    }))

    expect(await codeOf(joinWithKit(portsThrough(omit), join))).toBe('sync.rollback')
    expect(await codeOf(joinWithKit(portsThrough(stale), join))).toBe('sync.rollback')
  })

  it('C82: refuses a device list under an identity that is not the vault’s', async () => {
    const { join } = await signedUp()
    // Everything is made anew by the server, signatures and all; the records are genuine.
    const fetch = lying('/devices/vault', (page) => forge(page as never) as never)
    const asking = joinWithKit(portsThrough(fetch), join)

    await expect(asking).rejects.toMatchObject({
      code: 'sync.rollback',
      details: { reason: 'identity' },
    })
  })

  it('C82: refuses a device the server added to the list', async () => {
    const { join } = await signedUp()
    const fetch = lying('/devices/vault', (page) => {
      const { devices, ...rest } = page as never as PullReply
      const ghost = { ...devices?.devices[0], id: toBase64url(random(16)) }
      return {
        ...rest,
        devices: { ...devices, devices: [...(devices?.devices ?? []), ghost] },
      } as never
    })

    expect(await codeOf(joinWithKit(portsThrough(fetch), join))).toBe('sync.rollback')
  })
})

async function recordPages(join: Parameters<typeof joinWithKit>[1]): Promise<JsonObject[]> {
  const pages: JsonObject[] = []
  const recording = lying('/devices/vault', (page) => {
    pages.push(page)
    return page
  })
  await joinWithKit(portsThrough(recording), join)
  return pages
}

/** A head over the same rows, of a device and an identity that the server made up. */
function forge(page: PullReply): PullReply {
  if (!page.head) return page
  const head = decodeHead(signedHeadOf(page.head).head) as Head
  const [identitySeed, seed] = [createKeySeed(random), createKeySeed(random)]
  const id = toBase64url(random(16)) as DeviceId
  const key = toBase64url(signingPublicKey(seed))
  const entry = { id, ed25519: key, x25519: key, addedAt: 1 }
  const devices: DevicesDocument = {
    identity: toBase64url(signingPublicKey(identitySeed)),
    links: [],
    devices: [certifyDevice(entry, head.vaultId, identitySeed)],
  }
  const forged = { ...head, devicesHash: devicesHash(devices), writerDeviceId: id }
  const signed = signHead(forged, seed)
  return {
    ...page,
    devices,
    head: { head: toBase64url(signed.head), sig: toBase64url(signed.sig) },
  }
}
