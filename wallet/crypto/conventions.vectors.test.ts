import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  VALET_KEY_SHAPES,
  canonicalJson,
  fromBase64url,
  isValetKey,
  isWalletError,
  toBase64url,
  type JsonValue,
} from '../protocol/index.ts'
import { crc32, createValetKey } from '../protocol/valet-key.ts'
import { label, lp, nfcBytes, u16, u32, u64, utf8 } from './bytes.ts'
import { sha256 } from './hash.ts'
import { formatHlc } from './hlc.ts'
import { formatRecoveryKey, parseRecoveryKey } from './recovery-key.ts'
import { formatSecretKey, parseSecretKey } from './secret-key.ts'

interface Negative {
  area: string
  name: string
  given: { text?: string; json?: string; parts?: string[] }
  stage: string
}
interface Vectors {
  conventions: {
    integers: Record<string, number | string>[]
    lp: { text: string; hex: string }[]
    nfc: { text: string; hex: string }
    L: { purpose: string; parts: string[]; hex: string }[]
    canonicalJson: { json: string; canonical: string }[]
    hlc: { ms: number; counter: number; text: string }
  }
  recoveryKeyText: { bytes: string; text: string; alsoAccepted: string[] }[]
  secretKeyText: { bytes: string; text: string; alsoAccepted: string[] }[]
  valetKeys: {
    list: {
      alphabet: string
      templateParts: string[]
      parts: string[]
      coveredLength: number
      crc: number
      sha256: string
    }[]
    crc32: { text: string; value: number }
  }
  negative: Negative[]
}

const file = new URL('./__vectors__/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const negatives = (area: string) => vectors.negative.filter((vector) => vector.area === area)
const fromHex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

function refusalOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return isWalletError(error, 'request.invalid') ? error.details?.reason : error
  }
  return 'not refused'
}

describe('conventions', () => {
  const writers = { u16, u32, u64 } as const

  it.each(vectors.conventions.integers)('writes $hex', ({ hex, ...number }) => {
    for (const [name, value] of Object.entries(number)) {
      expect(toHex(writers[name as keyof typeof writers](Number(value)))).toBe(hex)
    }
  })

  it.each(vectors.conventions.lp)('prefixes "$text" with its length', ({ text, hex }) => {
    expect(toHex(lp(utf8(text)))).toBe(hex)
  })

  it('composes text', () => {
    const { text, hex } = vectors.conventions.nfc

    expect(toHex(nfcBytes(text.normalize('NFD')))).toBe(hex)
  })

  it.each(vectors.conventions.L)('labels $purpose', ({ purpose, parts, hex }) => {
    expect(toHex(label(purpose, ...parts.map(fromHex)))).toBe(hex)
  })

  it.each(vectors.conventions.canonicalJson)('writes $json canonically', ({ json, canonical }) => {
    expect(canonicalJson(JSON.parse(json) as JsonValue)).toBe(canonical)
  })

  it('writes a hybrid logical clock', () => {
    const { ms, counter, text } = vectors.conventions.hlc

    expect(formatHlc(ms, counter)).toBe(text)
  })

  it.each(negatives('canonical'))('refuses $name in canonical JSON', ({ given, stage }) => {
    const value = JSON.parse(given.json ?? '') as JsonValue

    expect(refusalOf(() => canonicalJson(value))).toBe(stage)
  })

  it.each(negatives('base64url'))('refuses base64url with $name', ({ given, stage }) => {
    expect(refusalOf(() => fromBase64url(given.text ?? ''))).toBe(stage)
  })
})

describe('Secret Key text', () => {
  it.each(vectors.secretKeyText)('writes and reads $text', ({ bytes, text, alsoAccepted }) => {
    expect(formatSecretKey(fromHex(bytes))).toBe(text)
    for (const form of [text, ...alsoAccepted]) expect(toHex(parseSecretKey(form))).toBe(bytes)
  })

  it.each(negatives('SK'))('refuses: $name', ({ given, stage }) => {
    expect(refusalOf(() => parseSecretKey(given.text ?? ''))).toBe(stage)
  })
})

describe('recovery key text', () => {
  it.each(vectors.recoveryKeyText)('writes and reads $text', ({ bytes, text, alsoAccepted }) => {
    expect(formatRecoveryKey(fromHex(bytes))).toBe(text)
    for (const form of [text, ...alsoAccepted]) expect(toHex(parseRecoveryKey(form))).toBe(bytes)
  })

  it.each(negatives('RK'))('refuses: $name', ({ given, stage }) => {
    expect(refusalOf(() => parseRecoveryKey(given.text ?? ''))).toBe(stage)
  })

  it('is never taken for a Secret Key, nor the other way round', () => {
    const [recovery, secret] = [vectors.recoveryKeyText[0], vectors.secretKeyText[0]]

    expect(refusalOf(() => parseSecretKey(recovery?.text ?? ''))).toBe('length')
    expect(refusalOf(() => parseRecoveryKey(secret?.text ?? ''))).toBe('length')
  })

  it('finds every single mistyped character', () => {
    const text = vectors.recoveryKeyText[0]?.text ?? ''
    for (let index = 'VR1-'.length; index < text.length; index++) {
      const typed = text.charAt(index)
      if (typed === '-') continue
      const other = typed === '0' ? '2' : '0'
      const mistyped = text.slice(0, index) + other + text.slice(index + 1)

      expect(refusalOf(() => parseRecoveryKey(mistyped))).toMatch(/^(check|leading-bits)$/)
    }
  })
})

describe('valet keys', () => {
  it.each(vectors.valetKeys.list)('knows the shape of $templateParts', (vector) => {
    const key = vector.parts.join('')

    expect(VALET_KEY_SHAPES.map(({ template }) => template)).toContain(
      vector.templateParts.join(''),
    )
    expect(isValetKey(key)).toBe(true)
    expect(crc32(key.slice(0, vector.coveredLength))).toBe(vector.crc)
    expect(toHex(sha256(utf8(key)))).toBe(vector.sha256)
  })

  it.each(vectors.valetKeys.list)('remakes $templateParts byte for byte', (vector) => {
    const key = vector.parts.join('')
    const template = vector.templateParts.join('')
    const wanted = VALET_KEY_SHAPES.find((candidate) => candidate.template === template)
    if (!wanted) throw new Error(`no shape ${template}`)

    expect(createValetKey(wanted.id, replaying(key, template, vector.alphabet))).toBe(key)
  })

  it('computes the CRC of the standard check text', () => {
    const { text, value } = vectors.valetKeys.crc32

    expect(crc32(text)).toBe(value)
  })

  it.each(negatives('valet'))('refuses: $name', ({ given }) => {
    expect(isValetKey((given.parts ?? []).join(''))).toBe(false)
  })
})

/** A generator whose draws spell the free characters of `key` after its marker. */
function replaying(key: string, template: string, alphabet: string) {
  const digits = '0123456789'
  const lower = 'abcdefghijklmnopqrstuvwxyz'
  const upper = lower.toUpperCase()
  const alphabets: Record<string, string> = {
    base62: digits + upper + lower,
    base36: digits + lower,
    base52: upper + lower,
    hex: digits + 'abcdef',
  }
  const characters = alphabets[alphabet] ?? ''
  const free = Array.from(key).filter((_, index) => template[index] === '*')
  const drawn = free.slice(alphabet === 'hex' ? 0 : 5)
  return () => Uint8Array.of(characters.indexOf(drawn.shift() ?? ''))
}

it('reads back every id it writes', () => {
  const bytes = fromHex('d1c2f2273e0bc1e4c53056382ca814a5')

  expect(fromBase64url(toBase64url(bytes))).toEqual(bytes)
})
