import fc from 'fast-check'
import * as z from 'zod/mini'
import { describe, expect, it } from 'vitest'
import { canonicalJson, type JsonObject } from './canonical-json.ts'
import { ERROR_TABLE, isWalletError } from './errors.ts'
import { isDeeperThan, isJsonObject, parseJson, parseStrictJsonObject, parseWith } from './parse.ts'

function reasonOf(text: string): unknown {
  try {
    return parseStrictJsonObject(text)
  } catch (error) {
    return isWalletError(error, 'request.invalid') ? error.details?.reason : error
  }
}

describe('a strictly read body', () => {
  it.each<[string, string, string]>([
    ['a repeated name', '{"model":"a","model":"b"}', 'repeated name'],
    ['a name repeated in escapes', '{"model":"a","mod\\u0065l":"b"}', 'repeated name'],
    ['a name repeated deep down', '{"a":[{"b":{"c":1,"c":2}}]}', 'repeated name'],
    ['a name repeated after a nested object', '{"a":{"a":1},"b":[],"a":2}', 'repeated name'],
    ['__proto__', '{"__proto__":{"x":1}}', 'name'],
    ['__proto__ in escapes', '{"\\u005f\\u005fproto__":1}', 'name'],
    ['__proto__ deep down', '{"a":[0,{"__proto__":null}]}', 'name'],
    ['65 levels', '{"a":'.repeat(65) + '1' + '}'.repeat(65), 'depth'],
    ['65 levels of arrays', '{"a":' + '['.repeat(64) + ']'.repeat(64) + '}', 'depth'],
    ['an integer beyond 2⁵³', '{"a":9007199254740993}', 'number'],
    ['a negative one', '{"a":-9007199254740993}', 'number'],
    ['one of twenty digits in an array', '{"a":[1,12345678901234567890]}', 'number'],
    ['one behind a point', '{"a":9007199254740993.0}', 'number'],
    ['one behind an exponent', '{"a":9007199254740993e0}', 'number'],
    ['one before a negative exponent', '{"a":-90071992547409930e-1}', 'number'],
    ['one of very many digits', `{"a":1${'0'.repeat(200)}1e-100}`, 'number'],
    ['a number beyond every double', '{"a":1e400}', 'number'],
    ['a byte order mark', '\ufeff{}', 'json'],
    ['an array', '[]', 'json'],
    ['null', 'null', 'json'],
    ['text', '"{}"', 'json'],
    ['nothing', '', 'json'],
    ['two values', '{}{}', 'json'],
    ['a trailing comma', '{"a":1,}', 'json'],
    ['a comment', '{/**/}', 'json'],
    ['NaN', '{"a":NaN}', 'json'],
    ['single quotes', "{'a':1}", 'json'],
    ['a raw control character', '{"a":"\u0001"}', 'json'],
    ['endless brackets', '['.repeat(200_000), 'json'],
  ])('is refused with %s (C41)', (_, text, reason) => {
    expect(reasonOf(text)).toBe(reason)
  })

  it('is read right or refused where JSON.parse takes a name for one it saw before (C41)', () => {
    JSON.parse('{"planted":0,"\\\\":0}')
    const text = '{"planted":0,"\\/":0}'

    let names: unknown
    try {
      names = Object.keys(parseStrictJsonObject(text))
    } catch (error) {
      expect(error).toMatchObject({ code: 'request.invalid', details: { reason: 'misread name' } })
    }

    expect([undefined, ['planted', '/']]).toContainEqual(names)
  })

  it.each<[string, JsonObject]>([
    ['{}', {}],
    [' {"a" : [ ] }\n', { a: [] }],
    ['{"a":{"a":{"a":1}},"b":{"a":2}}', { a: { a: { a: 1 } }, b: { a: 2 } }],
    ['{"a":["x","x",{"x":1},{"x":2}]}', { a: ['x', 'x', { x: 1 }, { x: 2 }] }],
    ['{"a":"\\"b\\": \\\\","b":"}{,"}', { a: '"b": \\', b: '}{,' }],
    ['{"a":-1.5e3,"b":0.7,"c":9007199254740991}', { a: -1500, b: 0.7, c: 9007199254740991 }],
    [
      '{"a":1e30,"b":-1.50E+20,"c":1.7976931348623157e308}',
      { a: 1e30, b: -1.5e20, c: Number.MAX_VALUE },
    ],
    ['{"proto":1,"__proto":2,"":3}', { proto: 1, __proto: 2, '': 3 }],
  ])('%s is taken', (text, value) => {
    expect(parseStrictJsonObject(text)).toEqual(value)
  })

  it('takes 64 levels', () => {
    const text = '{"a":'.repeat(64) + '1' + '}'.repeat(64)

    expect(() => parseStrictJsonObject(text)).not.toThrow()
  })

  it('reads what JSON.stringify writes as JSON.parse does', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.maxSafeInteger(),
      fc.double({ min: -1, max: 1 }),
      fc.constant(null),
    )
    const name = fc.string({ maxLength: 4 })
    const member = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(name, leaf))
    fc.assert(
      fc.property(fc.dictionary(name, member), fc.nat({ max: 2 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent)

        expect(parseStrictJsonObject(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('takes a time that grows with its length only', () => {
    const text = `{"a":"${'\\\\'.repeat(2_000_000)}"}`
    const started = performance.now()
    parseStrictJsonObject(text)

    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('the depth of a value', () => {
  it.each([
    ['1', 0],
    ['"[["', 0],
    ['[]', 1],
    ['{"a":1}', 1],
    ['[[],[{"a":[1]}],2]', 4],
  ])('%s goes %d levels down', (text, levels) => {
    const value = parseJson(text) ?? null

    expect(isDeeperThan(value, levels)).toBe(false)
    if (levels > 0) expect(isDeeperThan(value, levels - 1)).toBe(true)
  })

  it('is told of a million levels without going down them (C90)', () => {
    const levels = 1_000_000
    const value = parseJson('['.repeat(levels) + ']'.repeat(levels)) ?? null

    expect(isDeeperThan(value, 64)).toBe(true)
  })
})

describe('reading against a schema', () => {
  it('gives the value, or the code and nothing of the value', () => {
    const schema = z.strictObject({ name: z.string() })

    expect(parseWith(schema, { name: 'x' }, 'vault.corrupt')).toEqual({ name: 'x' })
    try {
      parseWith(schema, { name: 'x', more: 'canary' }, 'vault.corrupt')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'vault.corrupt',
        message: ERROR_TABLE['vault.corrupt'].message,
      })
      expect((error as Error).cause).toBeUndefined()
    }
  })

  it('gives the code for a value nested past every stack', () => {
    const deep = parseJson('['.repeat(100_000) + ']'.repeat(100_000))

    expect(() => parseWith(z.json(), deep, 'vault.corrupt')).toThrow(
      ERROR_TABLE['vault.corrupt'].message,
    )
  })

  it('tells objects from everything else', () => {
    expect([{}, [], null, 'x', 1, undefined].map(isJsonObject)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })

  it('reads what is not JSON as undefined', () => {
    expect(parseJson('{')).toBeUndefined()
    expect(parseJson('null')).toBeNull()
  })
})

describe('canonical JSON', () => {
  it('leaves out members that are not there', () => {
    const value = { b: undefined, a: { c: undefined } } as unknown as JsonObject

    expect(canonicalJson(value)).toBe('{"a":{}}')
  })

  it('does not depend on the order of members', () => {
    expect(canonicalJson({ b: 1, a: [{ d: 1, c: 2 }] })).toBe(
      canonicalJson({ a: [{ c: 2, d: 1 }], b: 1 }),
    )
  })
})
