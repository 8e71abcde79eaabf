import { describe, expect, it } from 'vitest'
import { backgroundMessageSchema, pageMessageSchema } from './page-messages.ts'
import { parseJson } from './parse.ts'
import { UI_METHODS, uiRequestSchema } from './ui-messages.ts'

const call = {
  type: 'call.start',
  callId: 'c1',
  method: 'POST',
  url: 'https://api.example/v1/chat',
  headers: [['content-type', 'application/json']],
  body: { kind: 'text', text: '{}' },
  valetKey: 'x',
}

const formOf = (field: object) => ({ kind: 'form', fields: [field] })

describe('a message from a page', () => {
  it.each<[string, object]>([
    ['a greeting', { type: 'hello', version: 1 }],
    ['a greeting of the frame', { type: 'hello', version: 1, appOrigin: 'https://app.example' }],
    ['a call', call],
    ['a call without a body', { ...call, body: { kind: 'none' } }],
    ['a call of bytes', { ...call, body: { kind: 'bytes', bytes: new Uint8Array(2) } }],
    ['a call of a blob', { ...call, body: { kind: 'blob', blob: new Blob(['x']) } }],
    [
      'a call of a form',
      {
        ...call,
        body: {
          kind: 'form',
          fields: [
            { name: 'model', text: 'whisper-1' },
            { name: 'file', blob: new Blob(['x']), filename: 'a.wav' },
          ],
        },
      },
    ],
    ['credit', { type: 'call.credit', callId: 'c1', bytes: 1 }],
    ['an abort', { type: 'call.abort', callId: 'c1' }],
    ['a question for the status', { type: 'status' }],
  ])('is taken: %s', (_, message) => {
    expect(pageMessageSchema.parse(message)).toEqual(message)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'status'],
    ['an array', [{ type: 'status' }]],
    ['no type', { version: 1 }],
    ['an unknown type', { type: 'vault.unlock' }],
    ['a type of every object', { type: 'toString' }],
    ['its own origin (C16)', { type: 'status', origin: 'https://app.example' }],
    ['its own origin in a call (C16)', { ...call, origin: 'https://app.example' }],
    ['its own tab (C16)', { ...call, tabId: 1 }],
    ['an origin for another message than hello', { ...call, appOrigin: 'https://app.example' }],
    ['an origin that cannot hold a grant', { type: 'hello', version: 1, appOrigin: 'null' }],
    ['a version that is text', { type: 'hello', version: '1' }],
    ['__proto__ (C48)', parseJson('{"type":"status","__proto__":{"x":1}}')],
    ['constructor (C48)', parseJson('{"type":"status","constructor":{}}')],
    ['__proto__ in the body (C48)', { ...call, body: parseJson('{"kind":"none","__proto__":1}') }],
    ['a call id with a space', { ...call, callId: 'c 1' }],
    ['an endless call id', { ...call, callId: 'c'.repeat(65) }],
    ['a call id that is a number', { ...call, callId: 1 }],
    ['no url', { ...call, url: undefined }],
    ['an endless url', { ...call, url: 'x'.repeat(16_385) }],
    ['an endless method', { ...call, method: 'X'.repeat(17) }],
    ['headers as an object', { ...call, headers: { a: 'b' } }],
    ['a header of three', { ...call, headers: [['a', 'b', 'c']] }],
    ['a header of one', { ...call, headers: [['a']] }],
    ['a header that is a number', { ...call, headers: [['a', 1]] }],
    ['129 headers', { ...call, headers: Array.from({ length: 129 }, () => ['a', 'b']) }],
    ['headers without an end', { ...call, headers: new Array(2 ** 32 - 1) }],
    ['a header without an end', { ...call, headers: [new Array(2 ** 32 - 1)] }],
    [
      'form fields without an end',
      { ...call, body: { kind: 'form', fields: new Array(2 ** 32 - 1) } },
    ],
    [
      'a form field of two kinds',
      { ...call, body: formOf({ name: 'a', text: '', blob: new Blob() }) },
    ],
    [
      'a form field that is no blob',
      { ...call, body: formOf({ name: 'a', blob: {}, filename: '' }) },
    ],
    ['a form field without a name', { ...call, body: formOf({ text: '' }) }],
    [
      '257 form fields',
      {
        ...call,
        body: {
          kind: 'form',
          fields: Array.from({ length: 257 }, () => ({ name: 'a', text: '' })),
        },
      },
    ],
    ['an unknown kind of body', { ...call, body: { kind: 'stream' } }],
    ['two bodies', { ...call, body: { kind: 'text', text: '', bytes: new Uint8Array() } }],
    ['bytes as a list', { ...call, body: { kind: 'bytes', bytes: [1, 2] } }],
    ['bytes as a buffer', { ...call, body: { kind: 'bytes', bytes: new ArrayBuffer(2) } }],
    ['a blob that is an object', { ...call, body: { kind: 'blob', blob: { size: 1 } } }],
    ['no body', { ...call, body: null }],
    ['an endless valet key', { ...call, valetKey: 'x'.repeat(257) }],
    ['no credit', { type: 'call.credit', callId: 'c1', bytes: 0 }],
    ['negative credit', { type: 'call.credit', callId: 'c1', bytes: -1 }],
    ['endless credit', { type: 'call.credit', callId: 'c1', bytes: Infinity }],
    ['half a byte of credit', { type: 'call.credit', callId: 'c1', bytes: 0.5 }],
  ])('is refused: %s', (_, message) => {
    expect(pageMessageSchema.safeParse(message).success).toBe(false)
  })
})

describe('a message to a page', () => {
  const failure = { code: 'vault.locked', message: 'm', retryable: false, requestId: 'r1' }

  it.each<[string, object]>([
    ['ready', { type: 'ready', version: 1, site: 'on' }],
    ['a failure', { type: 'call.error', callId: 'c1', ...failure }],
    ['a piece of a reply', { type: 'call.chunk', callId: 'c1', bytes: new Uint8Array(1) }],
  ])('is taken: %s', (_, message) => {
    expect(backgroundMessageSchema.parse(message)).toEqual(message)
  })

  it.each<[string, object]>([
    ['a failure with its cause', { type: 'call.error', callId: 'c1', ...failure, cause: 'x' }],
    ['a failure with its stack', { type: 'call.error', callId: 'c1', ...failure, stack: 'x' }],
    ['an unknown state of the site', { type: 'ready', version: 1, site: 'blocked' }],
    ['a list of sites', { type: 'changed', status: 'on', sites: [] }],
  ])('is refused: %s', (_, message) => {
    expect(backgroundMessageSchema.safeParse(message).success).toBe(false)
  })
})

describe('a request of a window', () => {
  it('is a method and its parameters, nothing else', () => {
    expect(uiRequestSchema.safeParse({ method: 'vault.lock', params: {} }).success).toBe(true)
    expect(uiRequestSchema.safeParse({ method: 'vault.lock', params: {}, id: 1 }).success).toBe(
      false,
    )
  })

  it.each<[keyof typeof UI_METHODS, unknown]>([
    ['vault.lock', { now: true }],
    ['vault.unlock', { passphrase: '' }],
    ['vault.unlock', { passphrase: 'x'.repeat(1025) }],
    ['vault.create', { passphrase: 'x', secretKey: 'x' }],
    ['key.add', { provider: 'nobody', secret: 'x', label: '' }],
    ['key.add', { provider: 'openai', secret: '', label: '' }],
    ['key.remove', { keyId: 'x' }],
    ['site.switch_on', { origin: 'http://app.example' }],
    ['consent.decide', { id: 'x', decision: 'allow' }],
    ['consent.decide', { id: 'x', decision: 'deny', terms: {} }],
    ['usage.list', { limit: 0 }],
  ])('%s refuses %o', (method, parameters) => {
    expect(UI_METHODS[method].params.safeParse(parameters).success).toBe(false)
  })

  it('no window gets the secret of a key with its list', () => {
    const summary = UI_METHODS['key.list'].result
    const row = {
      id: 'A'.repeat(22),
      provider: 'openai',
      baseUrl: null,
      label: 'Work',
      notes: '',
      createdAt: 1,
      lastUsedAt: null,
      expiresAt: null,
      lastTest: null,
      archived: false,
      prices: [],
      spentThisMonthNanoUsd: 0,
      sites: [],
      kept: [{ id: `${'0'.repeat(16)}.${'A'.repeat(22)}`, savedAt: 1, until: 2 }],
    }

    expect(summary.safeParse({ keys: [row] }).success).toBe(true)
    expect(summary.safeParse({ keys: [{ ...row, secret: 'x' }] }).success).toBe(false)
    const kept = [{ ...row.kept[0], secret: 'x' }]
    expect(summary.safeParse({ keys: [{ ...row, kept }] }).success).toBe(false)
  })
})
