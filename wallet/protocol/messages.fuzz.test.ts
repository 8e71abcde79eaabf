import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod/mini'
import { FUZZED, tryInputs } from '../testing/fuzz.ts'

// Zod compiles its schemas where it may evaluate code. In the extension it may not, so what runs there
// is its other half, and both must judge alike.
const REFUSED = Symbol('refused')
z.config({ jitless: true })
const inWorker = await loadSchemas()
vi.resetModules()
z.config({ jitless: false })
const compiled = await loadSchemas()

async function loadSchemas() {
  const { parseWith } = await import('./parse.ts')
  const { backgroundMessageSchema, pageMessageSchema } = await import('./page-messages.ts')
  const { UI_METHODS } = await import('./ui-messages.ts')
  const { grantSchema } = await import('./grant.ts')
  const { fromWire, isWalletError, wireErrorSchema } = await import('./errors.ts')
  const { RECORD_FIELDS, recordContentSchema } = await import('./records.ts')
  const schemas: Readonly<Record<string, z.ZodMiniType>> = {
    page: pageMessageSchema,
    background: backgroundMessageSchema,
    grant: grantSchema,
    wireError: wireErrorSchema,
    content: recordContentSchema,
    key: RECORD_FIELDS.key,
    consent: UI_METHODS['consent.decide'].params,
    addKey: UI_METHODS['key.add'].params,
    switchOn: UI_METHODS['site.switch_on'].params,
  }
  const parse = (name: string, value: unknown): unknown => {
    const schema = schemas[name]
    if (!schema) throw new TypeError(name)
    try {
      return parseWith(schema, value, 'protocol.invalid_message')
    } catch (error) {
      if (isWalletError(error, 'protocol.invalid_message')) return REFUSED
      throw error
    }
  }
  return { parse, fromWire }
}

const ID = 'A'.repeat(22)
const STAMP = ['0'.repeat(16), ID] as const
const TERMS = {
  schema: 1,
  providers: [
    { provider: 'openai', keys: { only: ID }, models: ['gpt-*'], capabilities: ['chat'] },
    { provider: 'google', keys: { pool: [ID] }, models: 'any', capabilities: [] },
  ],
  budgets: [{ usd: '5.00', window: 'month' }],
  requests: [{ count: 3, window: 'day' }],
  limits: { perMinute: 60, parallel: 4, maxOutputTokens: 100 },
  askAbove: '0.10',
  expiresAt: 1,
  lane: 'proxy',
}
const ERROR = { code: 'vault.locked', message: 'm', retryable: false, requestId: ID }
const CALL = {
  type: 'call.start',
  callId: 'c1',
  method: 'POST',
  url: 'https://api.openai.com/v1/models',
  headers: [['accept', 'text/plain']],
  body: { kind: 'text', text: '{}' },
  valetKey: 'x',
}
/** What each schema takes; the hostile values are these, mistreated. */
const TAKEN: readonly (readonly [schema: string, value: object])[] = [
  ['page', { type: 'hello', version: 1, appOrigin: 'https://app.example' }],
  ['page', CALL],
  ['page', { ...CALL, body: { kind: 'bytes', bytes: new Uint8Array(2) } }],
  ['page', { ...CALL, body: { kind: 'none' }, grantRef: 'g' }],
  ['page', { type: 'call.credit', callId: 'c1', bytes: 9 }],
  ['page', { type: 'status' }],
  ['background', { type: 'ready', version: 1, site: 'on' }],
  ['background', { type: 'call.chunk', callId: 'c1', bytes: new Uint8Array(1) }],
  ['background', { type: 'call.error', callId: 'c1', ...ERROR, details: { a: 1, b: 'c' } }],
  [
    'grant',
    {
      id: ID,
      subject: { origin: 'https://a.example' },
      status: 'active',
      terms: TERMS,
      createdAt: 1,
    },
  ],
  ['wireError', { ...ERROR, details: { retryAfterMs: 7 } }],
  ['content', { kind: 'key', fields: { label: ['x', ...STAMP] }, counters: { a: 1 } }],
  ['consent', { id: 'x', decision: 'allow', terms: TERMS }],
  ['addKey', { provider: 'groq', secret: 'x'.repeat(20), label: 'Work' }],
  ['switchOn', { origin: 'https://a.example' }],
]

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'then', 'type', 'origin']
/** Whatever a structured clone can carry. */
const anything = fc.oneof(
  fc.anything({
    // Vitest compares nested sets in exponential time.
    maxDepth: 1,
    maxKeys: 4,
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withTypedArray: true,
    stringUnit: 'grapheme',
    withObjectString: true,
    key: fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 6 })),
  }),
  fc.constantFrom<unknown>(
    ...[
      -1,
      0.5,
      NaN,
      Infinity,
      1e308,
      2 ** 53,
      '',
      ' ',
      'null',
      '\ud800',
      'https://[',
      'https://a b',
    ],
    ...['https://', 'blob:https://a.example/x', 'http://localhost', 'data:,', 'https://a.example/'],
  ),
  fc.constantFrom<unknown>(new Blob(['x']), /x/g, new Error('x'), new ArrayBuffer(2), cyclic()),
)
type Change = (value: unknown) => unknown

/** One place of a value, chosen by numbers, changed; everything around it stays. */
function changed(value: unknown, path: readonly number[], change: Change): unknown {
  const [step, ...rest] = path
  if (
    step === undefined ||
    typeof value !== 'object' ||
    value === null ||
    ArrayBuffer.isView(value)
  ) {
    return change(value)
  }
  const names = Object.keys(value)
  const name = names[step % Math.max(1, names.length)]
  if (name === undefined) return change(value)
  const member: unknown = Reflect.get(value, name)
  if (Array.isArray(value)) {
    return Array.from(value, (one: unknown, at) =>
      String(at) === name ? changed(member, rest, change) : one,
    )
  }
  return { ...value, [name]: changed(member, rest, change) }
}

const change: fc.Arbitrary<Change> = fc.oneof(
  anything.map(
    (other): Change =>
      () =>
        other,
  ),
  fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 4 })), anything).map(
    ([name, other]): Change =>
      (value) =>
        typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
          ? withOwn(value, name, other)
          : other,
  ),
  fc.constant<Change>((value) => [value]),
  fc.constant<Change>((value) => (typeof value === 'string' ? value.repeat(3) : typeof value)),
  fc.nat().map((at): Change => (value) => {
    if (typeof value !== 'object' || value === null) return undefined
    const names = Object.keys(value)
    return Object.fromEntries(
      Object.entries(value).filter(([name]) => name !== names[at % names.length]),
    )
  }),
)

/** An own member, also where the name is `__proto__`. */
function withOwn(value: object, name: string, member: unknown): object {
  const copy: object = Array.isArray(value) ? [...(value as unknown[])] : { ...value }
  return Object.defineProperty(copy, name, {
    value: member,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

function cyclic(): object {
  const loop: Record<string, unknown> = { type: 'status' }
  loop['body'] = loop
  return loop
}

/** As it comes out of a port, or null where no port would carry it. */
function ported(value: unknown): { readonly value: unknown } | null {
  try {
    return { value: structuredClone(value) }
  } catch {
    return null
  }
}

/**
 * A value without the two things that are left out and not refused: what a list carries beside its items,
 * and `__proto__` where any name may stand.
 */
function listsAlone(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, listsAlone)
  if (!isPlain(value)) return value
  const members = Object.entries(value).filter(([name]) => name !== '__proto__')
  return Object.fromEntries(members.map(([name, member]) => [name, listsAlone(member)]))
}

function isPlain(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]'
}

const hostile = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...TAKEN),
        fc.array(fc.tuple(fc.array(fc.nat(), { maxLength: 4 }), change), {
          minLength: 1,
          maxLength: 2,
        }),
      )
      .map(([[schema, value], changes]) => ({
        schema,
        value: changes.reduce<unknown>((now, [path, act]) => changed(now, path, act), value),
      })),
  },
  fc.record({ schema: fc.constantFrom(...TAKEN.map(([schema]) => schema)), value: anything }),
)

const BUILT_INS = [Object, Array, Map, String, Uint8Array].map(
  ({ prototype }) => prototype as object,
)
const shapeOf = () => BUILT_INS.map((one) => Reflect.ownKeys(one).length)

describe('whatever comes through a port', () => {
  it('the examples it is made of are taken', () => {
    for (const [schema, value] of TAKEN) {
      expect(inWorker.parse(schema, value)).toEqual(value)
    }
  })

  it(
    'is refused, or taken as it is: nothing is thrown, lost or polluted (C48)',
    FUZZED,
    async () => {
      const before = shapeOf()
      await tryInputs(
        3000,
        fc.property(hostile, ({ schema, value }) => {
          const message = ported(value)
          if (!message) return
          const parsed = inWorker.parse(schema, message.value)

          expect(compiled.parse(schema, message.value)).toStrictEqual(parsed)
          if (parsed !== REFUSED) {
            expect(parsed).toStrictEqual(listsAlone(message.value))
            expect(inWorker.parse(schema, parsed)).toStrictEqual(parsed)
          }
          expect(shapeOf()).toEqual(before)
          expect(Reflect.get({}, 'polluted')).toBeUndefined()
        }),
      )
    },
  )

  it('an error of the wire is read as one of the table, whatever it says', FUZZED, async () => {
    await tryInputs(
      1000,
      fc.property(hostile, ({ value }) => {
        const message = ported(value)
        if (!message) return
        const error = inWorker.fromWire(message.value)

        expect(error.code).toMatch(/^[a-z]+\.[a-z_]+$|^internal$/)
        expect(error.status).toBeTypeOf('number')
      }),
    )
  })
})
