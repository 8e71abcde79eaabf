import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../crypto/hash.ts'
import { sign, signingPublicKey, verifySignature } from '../crypto/signing.ts'
import {
  fromBase64url,
  toBase64url,
  type DeviceId,
  type DevicesDocument,
  type JsonObject,
  type JsonValue,
  type RecordId,
  type VaultId,
} from '../protocol/index.ts'
import {
  accountMessage,
  authorizeMessage,
  certifyDevice,
  decodeHead,
  devicesFault,
  devicesHash,
  encodeHead,
  formatServerToken,
  headFault,
  headHash,
  headMessage,
  identityMessage,
  deviceMessage,
  leafHash,
  linkIdentity,
  loginMessage,
  merkleRoot,
  pairMessage,
  parseServerToken,
  receiptMessage,
  registerMessage,
  relayKeyMessage,
  relayRequestMessage,
  signHead,
  treeRows,
  createClientId,
  createServerToken,
  type AccountOperation,
  type Head,
} from './index.ts'
import { createSeededRandom } from '../testing/index.ts'

type Texts<Names extends string> = Record<Names, string>
interface Signed extends Texts<'purpose' | 'key' | 'publicKey' | 'bytes' | 'message' | 'sig'> {
  readonly parts: readonly string[]
  readonly json?: string
  readonly t?: number
  readonly challenge?: string
  readonly afterSignature?: string
}
interface Vectors {
  readonly merkle: {
    readonly rows: readonly (Texts<'recordId' | 'prev' | 'writerDeviceId' | 'envelopeSha256'> & {
      readonly rev: number
      readonly del: 0 | 1
      readonly seq: number
    })[]
    readonly cases: readonly {
      readonly firstRows: number
      readonly floor: number
      readonly sortedRecordIds: readonly string[]
      readonly leaves: readonly string[]
      readonly root: string
    }[]
  }
  readonly devices: {
    readonly vaultId: string
    readonly seeds: { readonly identities: readonly string[]; readonly devices: readonly string[] }
    readonly known: string
    readonly document: DevicesDocument
    readonly hash: string
  }
  readonly heads: readonly (Texts<'head' | 'sig' | 'hash'> & {
    readonly fields: Texts<'vaultId' | 'prev' | 'root' | 'devicesHash' | 'writerDeviceId'> &
      Record<'seq' | 'epoch' | 'minSuite' | 'floor', number>
  })[]
  readonly signed: readonly Signed[]
  readonly serverTokens: {
    readonly list: readonly Texts<'kind' | 'id' | 'secret' | 'text' | 'sha256AtRest'>[]
    readonly clientId: string
    readonly walletPublic: string
    readonly fingerprint: string
  }
  readonly good: {
    readonly devices: DevicesDocument & { readonly known: string }
    readonly head: HeadGiven
  }
  readonly negative: readonly {
    readonly area: string
    readonly name: string
    readonly stage: string
    readonly given: Record<string, unknown>
  }[]
}
interface HeadGiven extends Texts<'head' | 'sig' | 'root'> {
  readonly devices: DevicesDocument
  readonly stored: { readonly seq: number; readonly hash: string; readonly minSuite: number }
}

const file = new URL('../crypto/__vectors__/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex')
const id = (value: string) => toBase64url(bytes(value))
const negatives = (area: string) => vectors.negative.filter((each) => each.area === area)
const vaultId = id(vectors.devices.vaultId) as VaultId

describe('the tree', () => {
  const rows = vectors.merkle.rows.map((row) => ({
    recordId: id(row.recordId) as RecordId,
    rev: row.rev,
    prev: bytes(row.prev),
    del: row.del,
    writerDeviceId: id(row.writerDeviceId) as DeviceId,
    envelopeHash: bytes(row.envelopeSha256),
    seq: row.seq,
  }))

  it.each(vectors.merkle.cases)('of $firstRows rows above floor $floor', (vector) => {
    const counted = treeRows(rows.slice(0, vector.firstRows), vector.floor)

    expect(counted.map(({ recordId }) => hex(fromBase64url(recordId)))).toEqual(
      vector.sortedRecordIds,
    )
    expect(counted.map((row) => hex(leafHash(row)))).toEqual(vector.leaves)
    expect(hex(merkleRoot(rows.slice(0, vector.firstRows), vector.floor))).toBe(vector.root)
  })
})

describe('the device list', () => {
  const { document, hash, known, seeds } = vectors.devices

  it('hashes as written, whatever the order of its members', () => {
    const turned = { devices: document.devices, links: document.links, identity: document.identity }

    expect(hex(devicesHash(document))).toBe(hash)
    expect(hex(devicesHash(turned))).toBe(hash)
  })

  it('is made of certificates and links', () => {
    const identities = seeds.identities.map(bytes)
    const last = identities[2] ?? new Uint8Array()

    for (const entry of document.devices) {
      expect(certifyDevice(entry, vaultId, last)).toEqual(entry)
    }
    expect(
      [0, 1].map((at) =>
        linkIdentity(
          identities[at] ?? new Uint8Array(),
          signingPublicKey(identities[at + 1] ?? new Uint8Array()),
          vaultId,
        ),
      ),
    ).toEqual(document.links)
    expect(devicesFault(document, { vaultId, knownIdentity: known })).toBeNull()
  })

  it.each(negatives('devices'))('C82: is refused: $name', ({ given, stage }) => {
    const { known: trusted, ...good } = vectors.good.devices
    const changed = { ...good, ...given }

    expect(devicesFault(changed, { vaultId, knownIdentity: trusted })).toBe(stage)
  })
})

describe('a head', () => {
  const fieldsOf = (vector: Vectors['heads'][number]): Head => ({
    ...vector.fields,
    vaultId: id(vector.fields.vaultId) as VaultId,
    prev: bytes(vector.fields.prev),
    root: bytes(vector.fields.root),
    devicesHash: bytes(vector.fields.devicesHash),
    writerDeviceId: id(vector.fields.writerDeviceId) as DeviceId,
  })

  it.each(vectors.heads)(
    'seq $fields.seq is these bytes, and reads as it was written',
    (vector) => {
      const fields = fieldsOf(vector)
      const signed = signHead(fields, bytes(vectors.devices.seeds.devices[0] ?? ''))

      expect(hex(encodeHead(fields))).toBe(vector.head)
      expect(decodeHead(bytes(vector.head))).toEqual(fields)
      expect(hex(signed.sig)).toBe(vector.sig)
      expect(hex(headHash(signed))).toBe(vector.hash)
    },
  )

  const faultOf = (given: HeadGiven) =>
    headFault(
      { head: bytes(given.head), sig: bytes(given.sig) },
      {
        vaultId,
        devices: given.devices,
        knownIdentity: vectors.devices.known,
        stored: { ...given.stored, hash: bytes(given.stored.hash) },
        root: bytes(given.root),
      },
    )

  it('is believed where all of it holds', () => {
    expect(faultOf(vectors.good.head)).toBeNull()
  })

  it.each(negatives('head'))('C80, C82: is refused: $name', ({ given, stage }) => {
    expect(faultOf({ ...vectors.good.head, ...given })).toBe(stage)
  })

  it('holds no number that would be rounded', () => {
    const head = bytes(vectors.good.head.head)
    head[25] = 0xff

    expect(decodeHead(head)).toBe('number')
  })
})

describe('what is signed', () => {
  const messageOf = (vector: Signed): Uint8Array => {
    const [first = '', second = '', third = '', fourth = ''] = vector.parts
    const json = JSON.parse(vector.json ?? 'null') as JsonValue
    const body = json as JsonObject
    const place = { accountId: id(first), serverOrigin: Buffer.from(second, 'hex').toString() }
    const text = (part: string) => Buffer.from(part, 'hex').toString()
    switch (vector.purpose) {
      case 'head':
        return headMessage(bytes(vector.bytes))
      case 'device':
        return deviceMessage(json as never, id(first) as VaultId)
      case 'identity':
        return identityMessage(bytes(vector.bytes), id(first) as VaultId)
      case 'register':
        return registerMessage(place, { ...body, signatures: { left: 'out' } })
      case 'login': {
        const proof = { deviceId: id(third), challenge: bytes(fourth), t: vector.t ?? 0 }
        return loginMessage(place, proof)
      }
      case 'account':
        return accountMessage(
          place,
          text(third) as AccountOperation,
          body,
          bytes(vector.challenge ?? ''),
        )
      case 'pair':
        return pairMessage(id(first), bytes(vector.bytes))
      case 'relay-request':
        return relayRequestMessage(
          {
            enc: bytes(first),
            walletKey: bytes(second),
            grant: id(third),
            requestId: id(fourth),
            t: vector.t ?? 0,
          },
          bytes(vector.afterSignature ?? ''),
        )
      case 'relay-key':
        return relayKeyMessage(id(first), json as never)
      case 'receipt':
        return receiptMessage(id(first), body)
      case 'authorize': {
        const request = { id: bytes(first), clientId: text(second), redirectUri: text(third) }
        return authorizeMessage(request, json)
      }
      default:
        throw new Error(`no form for ${vector.purpose}`)
    }
  }
  // The second register vector says "as before": both signatures cover the same bytes.
  const registerJson = vectors.signed.find(({ purpose }) => purpose === 'register')?.json ?? ''
  const all = vectors.signed.map((vector) =>
    vector.json === 'as before' ? { ...vector, json: registerJson } : vector,
  )

  it.each(all)('for $purpose by $key is these bytes', (vector) => {
    const message = messageOf(vector)

    expect(hex(message)).toBe(vector.message)
    expect(verifySignature(bytes(vector.publicKey), message, bytes(vector.sig))).toBe(true)
  })

  it.each(negatives('ed25519'))('is refused: $name', ({ given }) => {
    const { publicKey, message, sig } = given as Texts<'publicKey' | 'message' | 'sig'>

    expect(verifySignature(bytes(publicKey), bytes(message), bytes(sig))).toBe(false)
  })
})

describe('a server token', () => {
  const { list, fingerprint, walletPublic } = vectors.serverTokens

  it.each(list)('of kind $kind is this text', ({ kind, id: idHex, secret, text, sha256AtRest }) => {
    const print = kind === 'pt' ? fromBase64url(fingerprint) : undefined
    const made = formatServerToken(kind as 'at', bytes(idHex), bytes(secret), print)

    expect(made.text).toBe(text)
    expect(hex(made.atRest)).toBe(sha256AtRest)
    expect(parseServerToken(text)).toEqual({
      kind,
      id: bytes(idHex),
      atRest: bytes(sha256AtRest),
      ...(print && { fingerprint: print }),
    })
  })

  // Whose key the fingerprint is of is a question to whom the token is shown, not to its form.
  it.each(negatives('token').filter(({ stage }) => stage !== 'fingerprint'))(
    'is refused: $name',
    ({ given, stage }) => {
      expect(parseServerToken((given as Texts<'text'>).text)).toBe(stage)
    },
  )

  it('carries the fingerprint of one key, and of no other', () => {
    const other = negatives('token').find(({ stage }) => stage === 'fingerprint')?.given
    const { text, walletPublic: wrong } = other as Texts<'text' | 'walletPublic'>
    const parsed = parseServerToken(text)
    const carried = typeof parsed === 'string' ? undefined : parsed.fingerprint

    expect(carried).toEqual(sha256(bytes(walletPublic)))
    expect(carried).not.toEqual(sha256(bytes(wrong)))
  })

  it('is drawn anew each time', () => {
    const random = createSeededRandom('tokens')
    const made = [1, 2].map(() => createServerToken('ds', random))

    expect(made[0]?.text).not.toBe(made[1]?.text)
    for (const { text, id: idBytes, atRest } of made) {
      expect(parseServerToken(text)).toEqual({ kind: 'ds', id: idBytes, atRest })
    }
    expect(createClientId(random)).toMatch(/^vk_cid_[0-9A-Za-z]{22}$/)
    expect(vectors.serverTokens.clientId).toMatch(/^vk_cid_[0-9A-Za-z]{22}$/)
  })
})

describe('Ed25519', () => {
  const wycheproof = JSON.parse(
    readFileSync(new URL('../crypto/__vectors__/ed25519.json', import.meta.url), 'utf8'),
  ) as {
    testGroups: {
      publicKey: { pk: string }
      tests: { tcId: number; msg: string; sig: string; result: string }[]
    }[]
  }
  const cases = wycheproof.testGroups.flatMap(({ publicKey, tests }) =>
    tests.map((test) => ({ ...test, pk: publicKey.pk })),
  )

  it.each(cases)('gives the $result result of Wycheproof $tcId', ({ pk, msg, sig, result }) => {
    expect(verifySignature(bytes(pk), bytes(msg), bytes(sig))).toBe(result === 'valid')
  })

  it('takes what it signed', () => {
    const seed = new Uint8Array(32).fill(7)
    const message = new Uint8Array([1, 2, 3])

    expect(verifySignature(signingPublicKey(seed), message, sign(seed, message))).toBe(true)
    expect(verifySignature(signingPublicKey(seed), message.subarray(1), sign(seed, message))).toBe(
      false,
    )
  })
})
