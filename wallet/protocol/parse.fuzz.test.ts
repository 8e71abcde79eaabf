import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FUZZED, tryInputs } from '../testing/fuzz.ts'
import { isWalletError } from './errors.ts'
import { parseStrictJsonObject } from './parse.ts'

const REFUSED = Symbol('refused')
/** JSON.parse itself read the text wrongly, and the product noticed. */
const MISREAD = Symbol('misread')

function read(text: string): unknown {
  try {
    return parseStrictJsonObject(text)
  } catch (error) {
    if (isWalletError(error, 'request.invalid')) {
      return error.details?.reason === 'misread name' ? MISREAD : REFUSED
    }
    throw error
  }
}

/**
 * A reader of RFC 8259 with our further rules, made for this test: one pass over grammar and rules at
 * once, where the product lets `JSON.parse` see to the grammar.
 */
class OtherReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The object the text is, or `REFUSED`. */
  object(): unknown {
    try {
      this.#space()
      if (this.#text[this.#at] !== '{') return REFUSED
      const value = this.#value(1)
      this.#space()
      return this.#at === this.#text.length ? value : REFUSED
    } catch (error) {
      if (error === REFUSED) return REFUSED
      throw error
    }
  }

  #value(depth: number): unknown {
    this.#space()
    const first = this.#text[this.#at]
    if (first === '{') return this.#members(depth)
    if (first === '[') return this.#items(depth)
    if (first === '"') return this.#string()
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    }
    return this.#number()
  }

  #members(depth: number): Map<string, unknown> {
    const members = new Map<string, unknown>()
    this.#list(depth, '}', () => {
      this.#space()
      if (this.#text[this.#at] !== '"') refuse()
      const name = this.#string()
      if (name === '__proto__' || members.has(name)) refuse()
      this.#space()
      if (this.#text[this.#at++] !== ':') refuse()
      members.set(name, this.#value(depth + 1))
    })
    return members
  }

  #items(depth: number): unknown[] {
    const items: unknown[] = []
    this.#list(depth, ']', () => {
      items.push(this.#value(depth + 1))
    })
    return items
  }

  #list(depth: number, end: string, readOne: () => void): void {
    if (depth > 64) refuse()
    this.#at += 1
    this.#space()
    if (this.#text[this.#at] === end) {
      this.#at += 1
      return
    }
    for (;;) {
      readOne()
      this.#space()
      const next = this.#text[this.#at++]
      if (next === end) return
      if (next !== ',') refuse()
    }
  }

  #string(): string {
    let text = ''
    for (this.#at += 1; ; this.#at += 1) {
      const character = this.#text[this.#at] ?? refuse()
      if (character === '"') break
      if (character < ' ') refuse()
      text += character === '\\' ? this.#escape() : character
    }
    this.#at += 1
    return text
  }

  #escape(): string {
    const kind = this.#text[(this.#at += 1)] ?? refuse()
    const plain = '"\\/\b\f\n\r\t'['"\\/bfnrt'.indexOf(kind)]
    if (plain !== undefined) return plain
    const hex = this.#text.slice(this.#at + 1, this.#at + 5)
    if (kind !== 'u' || !/^[0-9a-f]{4}$/i.test(hex)) refuse()
    this.#at += 4
    return String.fromCharCode(parseInt(hex, 16))
  }

  #number(): number {
    const [literal = '', , rest = ''] =
      /^(-?(?:0|[1-9][0-9]*))((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/.exec(
        this.#text.slice(this.#at, this.#at + 400),
      ) ?? refuse()
    const value = Number(literal)
    if (!Number.isFinite(value)) refuse()
    if (rest === '' && !Number.isSafeInteger(value)) refuse()
    if (Number.isInteger(value) && !Number.isSafeInteger(value) && !isSame(literal, value)) refuse()
    this.#at += literal.length
    return value
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at += 1
  }
}

/** Whether a literal names exactly the number that is written for the value it is read as. */
function isSame(literal: string, value: number): boolean {
  return literal.length <= 32 && exactly(literal) === exactly(JSON.stringify(value))
}

/** An integer in full; of a fraction, undefined. */
function exactly(literal: string): bigint | undefined {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^(-?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? []
  const shift = Number(exponent) - fraction.length
  const digits = BigInt(whole + fraction)
  if (shift >= 0) return digits * 10n ** BigInt(shift)
  const divisor = 10n ** BigInt(-shift)
  return digits % divisor === 0n ? digits / divisor : undefined
}

function refuse(): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- caught in this file, and no error
  throw REFUSED
}

/** Objects as maps, so that no name is special; zero without a sign, which no JSON keeps apart. */
function asMaps(value: unknown): unknown {
  if (value === 0) return 0
  if (Array.isArray(value)) return value.map(asMaps)
  if (value instanceof Map)
    return new Map([...value].map(([name, member]) => [name, asMaps(member)]))
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([name, member]) => [name, asMaps(member)]))
}

const NAMES = [
  'model',
  'mod\\u0065l',
  'MODEL',
  '__proto__',
  '\\u005f_proto__',
  'constructor',
  '',
  'a',
]
const quoted = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAMES).map((name) => `"${name}"`) },
  fc.string({ unit: 'binary', maxLength: 4 }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '"\\ud83d\\ude00"',
    '"\\ud800"',
    '"\\/"',
    '"\ufeff"',
    '"}{,\\":"',
    '"\\\\"',
    '"\\',
  ),
)
const number = fc.oneof(
  fc.double().map((value) => JSON.stringify(value)),
  fc.maxSafeInteger().map(String),
  fc.constantFrom('-0', '0', '9007199254740991', '9007199254740992', '-9007199254740992', '1e400'),
  fc.constantFrom(
    '9007199254740993.0',
    '1E5',
    '1e-400',
    '0.1',
    '01',
    '+1',
    '.5',
    '1.',
    '-',
    '1e',
    'NaN',
  ),
  fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
)
const space = fc.constantFrom('', '', '', ' ', '\n\t', '\r', '\u00a0', '\ufeff')
const { value: json } = fc.letrec<{ value: string; object: string }>((tie) => ({
  object: fc
    .tuple(space, fc.array(fc.tuple(quoted, space, tie('value')), { maxLength: 4 }))
    .map(([gap, members]) => {
      return `{${gap}${members.map(([name, between, member]) => `${name}${between}:${member}`).join(',')}}`
    }),
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.oneof(quoted, number, fc.constantFrom('true', 'false', 'null', 'nul', 'undefined')),
    tie('object'),
    fc
      .tuple(space, fc.array(tie('value'), { maxLength: 4 }))
      .map(([gap, items]) => `[${items.join(`${gap},`)}${gap}]`),
  ),
}))
const nested = fc
  .tuple(fc.integer({ min: 60, max: 68 }), fc.boolean(), json)
  .map(([levels, inLists, inner]) =>
    inLists
      ? `{"a":${'['.repeat(levels)}${inner}${']'.repeat(levels)}}`
      : `${'{"a":'.repeat(levels)}${inner}${'}'.repeat(levels)}`,
  )
const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\u0000',
  '\ufeff',
  '-',
  '0',
  'e',
  '/**/',
  ' ',
]
const mistreated = fc
  .tuple(
    json,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.constantFrom(...PIECES)), { maxLength: 2 }),
  )
  .map(([text, edits]) =>
    edits.reduce((now, [at, cut, piece]) => {
      const place = at % (now.length + 1)
      return now.slice(0, place) + piece + now.slice(place + cut)
    }, `{"a":${text}}`),
  )

describe('whatever body a page sends', () => {
  it('is read as an independent reader reads it, or refused by both (C41)', FUZZED, async () => {
    await tryInputs(
      6000,
      fc.property(fc.oneof(json, mistreated, nested), (text) => {
        const value = read(text)
        if (value === MISREAD) return

        expect(asMaps(value)).toEqual(asMaps(new OtherReader(text).object()))
        if (value === REFUSED) return
        expect(value).toEqual(JSON.parse(text))
        // What is sent is this text: it must say the same to another reader.
        const sent = JSON.stringify(value)
        expect(asMaps(JSON.parse(sent))).toEqual(asMaps(value))
      }),
    )
  })
})
