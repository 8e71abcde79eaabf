import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  WalletError,
  canonicalJson,
  fromBase64url,
  isWalletError,
  toBase64url,
  type DeviceId,
  type JsonObject,
  type RecordId,
  type VaultId,
} from '../protocol/index.ts'
import {
  ENVELOPE_TYPES,
  openEnvelope,
  sealEnvelope,
  type EnvelopeRow,
  type EnvelopeType,
  type Opening,
  type WrapMethod,
} from './envelope.ts'
import { sha256 } from './hash.ts'
import { openWrap, sealWrap } from './wrap.ts'

interface VectorRow {
  recordId: string
  rev: number
  prev: string
  del: 0 | 1
  writerDeviceId: string
  method?: WrapMethod
  params?: string
}
interface VectorEnvelope {
  name: string
  type: number
  epoch: number
  key: string
  vaultId: string
  row: VectorRow
  jsonLength: number
  nonce: string
  envelope?: string
  json: string
  envelopeLength: number
  envelopeSha256: string
}
interface VectorOpening {
  type: number
  keys: Record<string, string>
  vaultId: string
  row: VectorRow
  envelope: string
}
interface Vectors {
  envelopes: VectorEnvelope[]
  prevChain: Record<'rev1' | 'rev2' | 'rev3', string>
  good: { open: VectorOpening; wrap: VectorOpening }
  negative: { area: string; name: string; given: Partial<VectorOpening>; code?: string }[]
}
interface Wycheproof {
  testGroups: {
    tests: Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag' | 'result', string>[]
  }[]
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./__vectors__/${name}.json`, import.meta.url), 'utf8'))
const vectors = read('vectors') as Vectors
const fromHex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const WRAPS: readonly string[] = ['passphrase', 'recovery', 'passkey', 'epoch']

function typeOf(number: number): EnvelopeType {
  for (const [name, value] of Object.entries(ENVELOPE_TYPES)) {
    if (value === number) return name as EnvelopeType
  }
  throw new Error(`no type ${number}`)
}

function rowOf({ recordId, prev, writerDeviceId, params, ...row }: VectorRow): EnvelopeRow {
  return {
    ...row,
    recordId: toBase64url(fromHex(recordId)) as RecordId,
    prev: fromHex(prev),
    writerDeviceId: toBase64url(fromHex(writerDeviceId)) as DeviceId,
    ...(params !== undefined && { params: new TextDecoder().decode(fromHex(params)) }),
  }
}

function openingOf(given: VectorOpening): Opening {
  const keys = new Map(
    Object.entries(given.keys).map(([epoch, key]) => [Number(epoch), fromHex(key)]),
  )
  return {
    type: typeOf(given.type),
    keyOf: (epoch) => keys.get(epoch),
    vaultId: toBase64url(fromHex(given.vaultId)) as VaultId,
    row: rowOf(given.row),
    envelope: fromHex(given.envelope),
  }
}

const open = (opening: Opening): unknown =>
  WRAPS.includes(opening.type)
    ? openWrap({ ...opening, type: opening.type as WrapMethod })
    : openEnvelope(opening)

/** Long contents are shown shortened: they are `{"a":"xxx…"}` of the named length. */
function contentOf({ json, jsonLength }: VectorEnvelope): JsonObject {
  if (json.includes('…')) return { a: 'x'.repeat(jsonLength - 8) }
  return JSON.parse(json) as JsonObject
}

/** A generator that draws the nonce of the vector, then something else. */
function replaying(nonce: string) {
  const draws = [fromHex(nonce)]
  return (sizeBytes: number) => draws.shift() ?? new Uint8Array(sizeBytes)
}

describe('envelopes', () => {
  it.each(vectors.envelopes)('seals byte for byte: $name', (vector) => {
    const { key, ...rest } = { ...vector, key: fromHex(vector.key) }
    const row = rowOf(vector.row)
    const vaultId = toBase64url(fromHex(vector.vaultId)) as VaultId
    const type = typeOf(vector.type)
    const content = contentOf(vector)
    const envelope = sealEnvelope(
      { type, epoch: rest.epoch, key, vaultId, row, content },
      replaying(vector.nonce),
    )

    expect(envelope).toHaveLength(vector.envelopeLength)
    expect(toHex(sha256(envelope))).toBe(vector.envelopeSha256)
    if (vector.envelope !== undefined) expect(toHex(envelope)).toBe(vector.envelope)
    const opened = openEnvelope({ type, keyOf: () => key, vaultId, row, envelope })
    expect(canonicalJson(opened)).toBe(canonicalJson(content))
  })

  it.each(vectors.envelopes.filter(({ name }) => name.startsWith('wrap')))(
    'makes the same $name from its root key',
    (vector) => {
      const type = typeOf(vector.type) as WrapMethod
      const { vrk } = contentOf(vector)
      const rootKey = fromBase64url(typeof vrk === 'string' ? vrk : '')
      const sealing = {
        type,
        epoch: vector.epoch,
        key: fromHex(vector.key),
        vaultId: toBase64url(fromHex(vector.vaultId)) as VaultId,
        row: rowOf(vector.row),
      }

      expect(toHex(sealWrap(sealing, rootKey, replaying(vector.nonce)))).toBe(vector.envelope)
    },
  )

  it('names each replaced envelope by its hash', () => {
    const [rev1, rev2, rev3] = vectors.envelopes

    for (const [envelope, hash] of [
      [rev1, vectors.prevChain.rev1],
      [rev2, vectors.prevChain.rev2],
      [rev3, vectors.prevChain.rev3],
    ] as const) {
      expect(toHex(sha256(fromHex(envelope?.envelope ?? '')))).toBe(hash)
    }
    expect(rev2?.row.prev).toBe(vectors.prevChain.rev1)
    expect(rev3?.row.prev).toBe(vectors.prevChain.rev2)
  })
})

describe('what must not open', () => {
  const cases = vectors.negative.filter(({ area }) => area === 'open' || area === 'wrap')

  it('starts from two that do open', () => {
    expect(() => open(openingOf(vectors.good.open))).not.toThrow()
    expect(() => open(openingOf(vectors.good.wrap))).not.toThrow()
  })

  it.each(cases)('$area: $name → $code', ({ area, given, code }) => {
    const good = area === 'open' ? vectors.good.open : vectors.good.wrap
    let refusal: unknown
    try {
      open(openingOf({ ...good, ...given }))
    } catch (error) {
      refusal = error
    }

    expect(code).toBeDefined()
    expect(isWalletError(refusal) && refusal.code).toBe(code)
  })

  it('tells a person what a wrong passphrase means, and nothing about the bytes', () => {
    const wrong = cases.find(({ name }) => name === 'wrong passphrase')

    expect(() => open(openingOf({ ...vectors.good.wrap, ...wrong?.given }))).toThrow(
      new WalletError('vault.unlock_failed'),
    )
  })
})

describe('XChaCha20-Poly1305', () => {
  const cases = (read('xchacha20_poly1305') as Wycheproof).testGroups.flatMap(({ tests }) => tests)

  it.each(cases)('gives the $result result of Wycheproof $tcId', (vector) => {
    const cipher = () =>
      xchacha20poly1305(fromHex(vector.key), fromHex(vector.iv), fromHex(vector.aad))
    const sealed = fromHex(vector.ct + vector.tag)

    if (vector.result === 'valid') {
      expect(toHex(cipher().decrypt(sealed))).toBe(vector.msg)
      expect(toHex(cipher().encrypt(fromHex(vector.msg)))).toBe(vector.ct + vector.tag)
    } else {
      expect(() => cipher().decrypt(sealed)).toThrow()
    }
  })
})
