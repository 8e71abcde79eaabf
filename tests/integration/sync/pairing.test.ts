/** Two devices pair through the real server, and through one that stands between them. */
import { openTestServer, type TestServer } from '@valetkey/server/testing'
import { createKeySeed, signingPublicKey } from '@valetkey/wallet/crypto'
import { WalletError, fromBase64url, toBase64url, type JsonObject } from '@valetkey/wallet/protocol'
import {
  beginPairing,
  claimPairing,
  confirmPairing,
  joinByPairing,
  pairingCommit,
  readPairedDevice,
  readPairingWords,
  signUp,
  type BegunPairing,
  type ServerFetch,
} from '@valetkey/wallet/sync'
import { KNOWN_PASSPHRASE, fastTestKdf, knownKey, readableIn } from '@valetkey/wallet/testing'
import { unlockVault, type VaultHeader } from '@valetkey/wallet/vault'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientAt, clock, codeOf, createWallet, random, writeJoined } from './wallet-device.ts'

let test: TestServer
let serverMs = 0
beforeAll(async () => {
  test = await openTestServer(':memory:', {}, () => Date.now() + serverMs)
})
afterAll(() => test[Symbol.asyncDispose]())

/** A device with an account, and what it pairs with. */
async function createOld() {
  const wallet = await createWallet(test)
  const { vault, store, kit } = wallet
  const client = clientAt(test.fetch)
  const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText: kit.recoveryKeyText }
  wallet.memory = (await signUp({ client, vault, store, kdf: fastTestKdf }, how)).memory
  const { secretKey } = (await store.readHeader()) as VaultHeader
  const { session } = wallet
  const ports = { client, session, vault, secretKey, sync: await wallet.syncPorts() }
  return { wallet, ports }
}
type Old = Awaited<ReturnType<typeof createOld>>

/** Both sides up to the words, each through what it is given. */
async function pairUpToWords(
  { ports }: Old,
  through: { new?: ServerFetch; old?: ServerFetch } = {},
) {
  const client = clientAt(through.new ?? test.fetch)
  const oldPorts = { ...ports, client: clientAt(through.old ?? test.fetch) }
  const begun = await beginPairing(client)
  const claimed = await claimPairing(oldPorts, begun.code)
  const offered = await readPairingWords(client, begun)
  if (!offered) throw new Error('the offer is there')
  return { client, oldPorts, begun, claimed, offered }
}

async function pairWhole(old: Old) {
  const { client, oldPorts, claimed, offered } = await pairUpToWords(old)
  const revealed = await readPairedDevice(oldPorts.client, claimed)
  if (!revealed) throw new Error('the reveal is there')
  return { client, oldPorts, offered, revealed }
}

/** Answers to one path, changed on their way. */
function changing(path: RegExp, change: (value: JsonObject) => JsonObject): ServerFetch {
  return async (url, init) => {
    const reply = await test.fetch(url, init)
    if (!path.test(url) || init.method !== 'GET') return reply
    const body = (await reply.json()) as { success: boolean; data: { value: string } }
    if (!body.success) return Response.json(body, { status: reply.status })
    const value = JSON.parse(Buffer.from(body.data.value, 'base64url').toString()) as JsonObject
    const changed = Buffer.from(JSON.stringify(change(value))).toString('base64url')
    return Response.json({ success: true, data: { value: changed } })
  }
}

describe('pairing', { timeout: 30_000 }, () => {
  it('shows six words on both devices, and hands the vault over', async () => {
    const old = await createOld()
    const { client, oldPorts, offered, revealed } = await pairWhole(old)
    expect(offered.words).toHaveLength(6)
    expect(revealed.words).toEqual(offered.words)
    expect(await joinByPairing(client, offered)).toBe(null)

    await confirmPairing(oldPorts, revealed)
    const joined = await joinByPairing(client, offered)
    if (!joined) throw new Error('the grant is there')
    const other = await writeJoined(test, joined)
    expect(await readableIn(other.vault)).toEqual(await readableIn(old.wallet.vault))
    const id = await other.vault.createRecord('key', knownKey('from the new device'))
    await other.sync()
    expect((await old.wallet.sync()).changed).toEqual([id])
    // The passphrase of the old device opens it here, too.
    const unlockPorts = { store: other.store, clock, random, kdf: fastTestKdf }
    expect((await unlockVault(unlockPorts, KNOWN_PASSPHRASE)).deviceId).toBe(other.vault.deviceId)
  })

  it('goes on after a worker died on either side, from what was kept', async () => {
    const old = await createOld()
    const { client, oldPorts, claimed, begun } = await pairUpToWords(old)
    const kept = <T>(state: T): T => JSON.parse(JSON.stringify(state)) as T
    const offered = await readPairingWords(client, kept(begun))
    const revealed = await readPairedDevice(oldPorts.client, kept(claimed))
    if (!offered || !revealed) throw new Error('both are there')
    await confirmPairing(oldPorts, kept(revealed))
    await confirmPairing(oldPorts, kept(revealed))

    const joined = await joinByPairing(client, kept(offered))
    expect(joined?.memory.state.devices.devices).toHaveLength(2)
  })

  it('lists the device though another one writes meanwhile', async () => {
    const old = await createOld()
    const first = await pairWhole(old)
    await confirmPairing(first.oldPorts, first.revealed)
    const joined = await joinByPairing(first.client, first.offered)
    if (!joined) throw new Error('the grant is there')
    const second = await writeJoined(test, joined)

    const { client, oldPorts, offered, revealed } = await pairWhole(old)
    await second.vault.createRecord('key', knownKey('meanwhile'))
    await second.sync()
    await confirmPairing(oldPorts, revealed)
    await second.vault.createRecord('key', knownKey('and after'))
    await second.sync()

    const third = await joinByPairing(client, offered)
    if (!third) throw new Error('the grant is there')
    const device = await writeJoined(test, third)
    expect(await readableIn(device.vault)).toEqual(await readableIn(second.vault))
  })

  it('takes the code as people type it, once, and no other', async () => {
    const { ports } = await createOld()
    const begun = await beginPairing(ports.client)
    const typed = begun.code.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')

    expect(await codeOf(claimPairing(ports, 'no code'))).toBe('request.invalid')
    expect(await codeOf(claimPairing(ports, '00000000'))).toBe('request.not_found')
    await claimPairing(ports, ` ${typed.slice(0, 4)}-${typed.slice(4)} `)
    expect(await codeOf(claimPairing(ports, begun.code))).toBe('request.not_found')
  })

  it('is over after five minutes', async () => {
    const { ports } = await createOld()
    const begun = await beginPairing(ports.client)
    expect(await readPairingWords(ports.client, begun)).toBe(null)
    serverMs = 6 * 60_000
    try {
      const late = { ...begun, expiresAt: clock() - 1 }
      expect(await codeOf(readPairingWords(ports.client, late))).toBe('request.not_found')
    } finally {
      serverMs = 0
    }
  })
})

describe('a server between two devices', { timeout: 30_000 }, () => {
  const refusal = { code: 'sync.rollback', details: { reason: 'pairing' } }

  it('C82: cannot put its own signing key in place of the new device’s', async () => {
    const old = await createOld()
    const ed25519 = toBase64url(signingPublicKey(createKeySeed(random)))
    const { oldPorts, claimed } = await pairUpToWords(old, {
      old: changing(/reveal$/, (value) => ({ ...value, ed25519 })),
    })

    await expect(readPairedDevice(oldPorts.client, claimed)).rejects.toMatchObject(refusal)
  })

  it('C82: cannot change what was committed to once it saw the offer', async () => {
    const old = await createOld()
    const mine = await beginPairing(clientAt(test.fetch))
    const { oldPorts, claimed } = await pairUpToWords(old, {
      old: changing(/reveal$/, () => mine.reveal),
    })

    await expect(readPairedDevice(oldPorts.client, claimed)).rejects.toMatchObject(refusal)
  })

  it('C82: shows other words on each side where it is each one’s other', async () => {
    const old = await createOld()
    const client = clientAt(test.fetch)
    // The server pairs with the old device itself, and plays the old device to the new one.
    const mine = await beginPairing(client)
    const claimed = await claimPairing(old.ports, mine.code)
    await readPairingWords(client, mine)
    const revealed = await readPairedDevice(client, claimed)
    const victim = await beginPairing(client)
    const played = await createOld()
    await claimPairing(played.ports, victim.code)
    const offered = await readPairingWords(client, victim)

    expect(revealed?.words).toHaveLength(6)
    expect(offered?.words).not.toEqual(revealed?.words)
  })

  it('C82: shows other words where it changes the offer', async () => {
    const old = await createOld()
    const { oldPorts, claimed, offered } = await pairUpToWords(old, {
      new: changing(/offer$/, (value) => ({ ...value, nonce: toBase64url(random(32)) })),
    })
    const revealed = await readPairedDevice(oldPorts.client, claimed)

    expect(offered.words).not.toEqual(revealed?.words)
  })

  it('cannot use one grant for another pairing, nor change one', async () => {
    const old = await createOld()
    const { client, oldPorts, offered, revealed } = await pairWhole(old)
    await confirmPairing(oldPorts, revealed)
    const other = { ...offered, offer: { ...offered.offer, nonce: toBase64url(random(32)) } }
    expect(await codeOf(joinByPairing(client, other))).toBe('vault.corrupt')

    const flipped = changing(/grant$/, (value) => ({
      ...value,
      sealed: flip(value['sealed'] as string),
    }))
    expect(await codeOf(joinByPairing(clientAt(flipped), offered))).toBe('vault.corrupt')
    const unsigned = changing(/grant$/, (value) => ({ ...value, sig: toBase64url(random(64)) }))
    await expect(joinByPairing(clientAt(unsigned), offered)).rejects.toMatchObject(refusal)
  })

  it('C80: cannot show the new device a vault older than the old one’s', async () => {
    const old = await createOld()
    const { oldPorts, offered, revealed } = await pairWhole(old)
    const { session } = oldPorts
    // The device is listed, and the worker dies before it grants.
    const writePairing = () => Promise.reject(new WalletError('provider.network'))
    const dying = { ...oldPorts, session: { ...session, writePairing } }
    expect(await codeOf(confirmPairing(dying, revealed))).toBe('provider.network')
    const data = await session.pull(null, 0)
    await old.wallet.vault.createRecord('key', knownKey('newer'))
    await confirmPairing(oldPorts, revealed)
    const showing: ServerFetch = (url, init) =>
      url.includes('/sync/pull')
        ? Promise.resolve(Response.json({ success: true, data }))
        : test.fetch(url, init)

    await expect(joinByPairing(clientAt(showing), offered)).rejects.toMatchObject({
      code: 'sync.rollback',
      details: { reason: 'rollback' },
    })
  })

  it('is told from a pairing whose reveal somebody else wrote first', async () => {
    const old = await createOld()
    const client = clientAt(test.fetch)
    const begun: BegunPairing = await beginPairing(client)
    await claimPairing(old.ports, begun.code)
    await client.writeReveal(begun.pairingId, 'AAAA')

    await expect(readPairingWords(client, begun)).rejects.toMatchObject(refusal)
  })

  it('commits as the form says: the key, and a hash of what is certified', async () => {
    const { reveal, pairingId } = await beginPairing(clientAt(test.fetch))
    const commit = await clientAt(test.fetch).readPairing(pairingId, 'commit')
    const bare = pairingCommit(fromBase64url(reveal.pk), fromBase64url(reveal.salt))

    expect(fromBase64url(commit ?? '')).toHaveLength(32)
    expect(commit).not.toBe(toBase64url(bare))
  })
})

function flip(text: string): string {
  const bytes = fromBase64url(text)
  bytes[9] = (bytes[9] ?? 0) ^ 1
  return toBase64url(bytes)
}
