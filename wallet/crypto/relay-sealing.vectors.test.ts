import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isWalletError, toBase64url, type GrantId, type RequestId } from '../protocol/index.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { concat, label, lp, utf8, type Bytes } from './bytes.ts'
import {
  openRelayReply,
  openRelayRequest,
  sealRelayReply,
  sealRelayRequest,
  type ChunkOpener,
  type RelayPlace,
} from './relay-sealing.ts'
import { createKeySeed, exchangePublicKey, sign, signingPublicKey } from './signing.ts'

type Texts<Names extends string> = Record<Names, string>
type Reply = Texts<'secret' | 'enc' | 'n' | 'key' | 'nonce' | 'aad'> & { chunks: string[] }
type Request = Texts<'enc' | 'walletKey' | 'grantId' | 'requestId' | 'appPublic' | 'plain'> & {
  t: number
}
interface Vectors {
  relay: Request &
    Texts<'walletSecret' | 'info' | 'requestHead' | 'body'> & {
      chunkAads: string[]
      requestParts: string[]
      requestChunks: string[]
      replyParts: string[]
      replies: Reply[]
    }
  good: { request: Request; reply: Reply }
  negative: { area: string; name: string; given: object; stage: string }[]
}
const file = new URL('./__vectors__/vectors.json', import.meta.url)
const { relay, good, negative } = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const fromHex = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'hex'))
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const idOf = (text: string): string => toBase64url(fromHex(text))
const placeOf = (request: Request): RelayPlace => ({
  grant: idOf(request.grantId) as GrantId,
  requestId: idOf(request.requestId) as RequestId,
  t: request.t,
})
const random = createSeededRandom('relay-sealing')

async function openAll(opener: ChunkOpener, chunks: readonly Uint8Array[]): Promise<Bytes[]> {
  const opened: Bytes[] = []
  for (const chunk of chunks) opened.push(await opener.open(chunk))
  opener.end()
  return opened
}

const startOf = ({ secret, enc, n, aad }: Reply) => ({
  ...{ secret: fromHex(secret), enc: fromHex(enc) },
  ...{ n: fromHex(n), aad: fromHex(aad) },
})

/** With the keys the request was really sealed to, and the fields of `request` claimed. */
async function readClaimed(request: Request) {
  const opened = await openRelayRequest(
    fromHex(relay.walletSecret),
    fromHex(request.walletKey),
    placeOf(request),
    fromHex(request.enc),
  )
  return opened.read(fromHex(request.plain), fromHex(request.appPublic))
}

const areas = (area: string) =>
  negative.filter((each) => each.area === area).map((each) => [each.name, each.given] as const)
const isRefusedRequest = (error: unknown) => isWalletError(error, 'request.invalid')
const isLost = (error: unknown) => isWalletError(error, 'relay.wallet_lost')

describe('the shared vectors of the relay', () => {
  it('opens their request, and believes their signature', async () => {
    const { opener, read } = await openRelayRequest(
      fromHex(relay.walletSecret),
      fromHex(relay.walletKey),
      placeOf(relay),
      fromHex(relay.enc),
    )
    const parts = await openAll(opener, relay.requestChunks.map(fromHex))

    expect(parts.map(hex)).toEqual(relay.requestParts)
    const call = await read(concat(...parts), fromHex(relay.appPublic))
    expect({ ...call, body: hex(call.body) }).toEqual({
      ...(JSON.parse(relay.requestHead) as object),
      body: relay.body,
    })
  })

  it.each(relay.replies)('seals and opens their reply $n', async (reply) => {
    const sealer = await sealRelayReply(startOf(reply))
    const sealed: string[] = []
    for (const [index, part] of relay.replyParts.entries()) {
      sealed.push(hex(await sealer.seal(fromHex(part), index === relay.replyParts.length - 1)))
    }

    expect(sealed).toEqual(reply.chunks)
    const opener = await openRelayReply(startOf(reply))
    expect((await openAll(opener, reply.chunks.map(fromHex))).map(hex)).toEqual(relay.replyParts)
  })

  it.each(areas('reply'))('C105: refuses a reply: %s', async (_name, given) => {
    const reply = { ...good.reply, ...given }
    const open = async () =>
      openAll(await openRelayReply(startOf(reply)), reply.chunks.map(fromHex))

    await expect(open()).rejects.toSatisfy(isLost)
  })

  it.each(areas('request'))('C105: refuses a request: %s', async (_name, given) => {
    await expect(readClaimed({ ...good.request, ...given })).rejects.toSatisfy(isRefusedRequest)
  })

  it('has both kinds of negatives', () => {
    expect([areas('reply').length, areas('request').length]).toEqual([9, 6])
    return expect(readClaimed(good.request)).resolves.toMatchObject({ method: 'POST' })
  })
})

describe('a sealed call', () => {
  const secret = createKeySeed(random)
  const walletKey = exchangePublicKey(secret)
  const appSeed = createKeySeed(random)
  const place = placeOf(relay)
  const head = {
    method: 'POST',
    path: '/v1/chat/completions',
    headers: [['accept', '*/*']] as const,
  }
  const sealOne = (body: Uint8Array) =>
    sealRelayRequest(walletKey, place, { head, body }, (message) => sign(appSeed, message))

  it('goes in chunks of one frame, and its reply comes back', async () => {
    const body = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251)
    const sealed = await sealOne(body)
    const wallet = await openRelayRequest(secret, walletKey, place, sealed.enc)
    const plain = concat(...(await openAll(wallet.opener, sealed.chunks)))
    const reply = await wallet.startReply(random)
    const opener = await sealed.openReply(reply.n)

    expect(sealed.chunks.map(({ length }) => length)).toEqual([65_536, 65_536, 65_536, 3_600])
    expect(await wallet.read(plain, signingPublicKey(appSeed))).toEqual({ ...head, body })
    const first = await reply.seal(utf8('data: 1\n\n'), false)
    const last = await reply.seal(new Uint8Array(), true)
    expect(await openAll(opener, [first, last])).toEqual([utf8('data: 1\n\n'), new Uint8Array()])
  })

  it('is opened by another library, chunk by chunk', async () => {
    const sealed = await sealOne(new Uint8Array(70_000))
    const suite = new CipherSuite({
      kem: new DhkemX25519HkdfSha256(),
      kdf: new HkdfSha256(),
      aead: new Aes256Gcm(),
    })
    const recipientKey = {
      privateKey: await suite.kem.importKey('raw', secret.buffer, false),
      publicKey: await suite.kem.importKey('raw', walletKey.buffer, true),
    }
    const info = label('relay', fromHex(relay.grantId))
    const recipient = await suite.createRecipientContext({ recipientKey, enc: sealed.enc, info })
    const aad = utf8(
      `{"grant":"${place.grant}","requestId":"${place.requestId}","t":${String(place.t)},"v":1}`,
    )
    const [first, last] = sealed.chunks
    if (!first || !last) throw new Error('two chunks')

    expect((await recipient.open(first, concat(lp(aad), lp(utf8(''))))).byteLength).toBe(65_520)
    const end = await recipient.open(last, concat(lp(aad), lp(utf8('final'))))
    expect(end.byteLength + 65_520).toBe(64 + 4 + 76 + 70_000)
  })

  it('is worth nothing for another grant, app or wallet', async () => {
    const { enc, chunks } = await sealOne(utf8('{}'))
    const other = { ...place, grant: idOf(relay.requestId) as GrantId }
    const elsewhere = await openRelayRequest(secret, walletKey, other, enc)
    await expect(openAll(elsewhere.opener, chunks)).rejects.toSatisfy(isRefusedRequest)
    const thief = createKeySeed(random)
    const stolen = await openRelayRequest(thief, exchangePublicKey(thief), place, enc)
    await expect(openAll(stolen.opener, chunks)).rejects.toSatisfy(isRefusedRequest)
    const { opener, read } = await openRelayRequest(secret, walletKey, place, enc)
    const plain = concat(...(await openAll(opener, chunks)))

    await expect(read(plain, signingPublicKey(thief))).rejects.toSatisfy(isRefusedRequest)
  })

  it('never seals a reply after its final chunk', async () => {
    const { enc } = await sealOne(utf8('{}'))
    const { startReply } = await openRelayRequest(secret, walletKey, place, enc)
    const reply = await startReply(random)
    await reply.seal(utf8('end'), true)

    await expect(reply.seal(utf8('more'), false)).rejects.toThrow(TypeError)
  })
})
