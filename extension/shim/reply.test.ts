import { describe, expect, it } from 'vitest'
import { ERROR_TABLE, isErrorCode, type ErrorCode } from '@valetkey/wallet/protocol'
import { createBodyStream } from './body-stream.ts'
import { createErrorReply, createReply, hasBody } from './reply.ts'

const to = { method: 'POST', url: 'https://api.example.test/v1/x?key=abc#part' }
const head = { status: 200, statusText: 'OK', headers: [['x-a', '1']] as [string, string][] }
const silent = { onConsumed: () => undefined, onCancel: () => undefined }

describe('createReply', () => {
  it('has the address the page asked for, without its fragment', () => {
    const reply = createReply(to, head, null)

    expect(reply.url).toBe('https://api.example.test/v1/x?key=abc')
    expect(reply.type).toBe('cors')
    expect(reply.redirected).toBe(false)
    expect(reply.headers.get('x-a')).toBe('1')
  })

  it('gives its clones, and theirs, the same address', () => {
    const clone = createReply(to, head, createBodyStream(silent)).clone().clone()

    expect(clone.url).toBe('https://api.example.test/v1/x?key=abc')
    expect(clone.type).toBe('cors')
  })

  it('shows nothing of it to whoever lists its properties', () => {
    const body = createBodyStream(silent)

    expect(Object.keys(createReply(to, head, body))).toEqual([])
  })

  it.each(['text', 'json', 'arrayBuffer', 'blob', 'formData'] as const)(
    '%s() rejects with the reason the body failed for',
    async (name) => {
      const body = createBodyStream(silent)
      const reply = createReply(to, head, body)
      const clone = reply.clone()
      const reading = [reply[name](), clone[name]()]

      body.fail(new RangeError('mine'))

      for (const one of reading) await expect(one).rejects.toThrow(new RangeError('mine'))
    },
  )

  it('tells that reason also where the browser would tell another', async () => {
    const body = createBodyStream(silent)
    const reply = createReply(to, head, body)
    reply.body?.getReader().closed.catch(() => undefined)

    await expect(reply.text()).rejects.toThrow(TypeError)
    body.fail('mine')

    await expect(reply.text()).rejects.toBe('mine')
  })

  it.each([199, 600, 0, 101])('refuses status %d, which no Response with a body has', (status) => {
    expect(() => createReply(to, { ...head, status }, createBodyStream(silent))).toThrow()
  })
})

describe('hasBody', () => {
  it.each([
    ['GET', 200, true],
    ['POST', 500, true],
    ['HEAD', 200, false],
    ['DELETE', 204, false],
    ['POST', 205, false],
    ['GET', 304, false],
  ])('%s %d: %s', (method, status, expected) => {
    expect(hasBody({ method, url: to.url }, status)).toBe(expected)
  })
})

describe('createErrorReply', () => {
  const codes = Object.keys(ERROR_TABLE).filter(isErrorCode)
  const outside: ErrorCode[] = [
    'wallet.lost',
    'internal',
    'request.replayed',
    'request.rate_limited',
  ]

  it.each(outside)('has the status of the error table for %s', async (code) => {
    const reply = createErrorReply(to, failure(code))

    expect(reply.status).toBe(ERROR_TABLE[code].status)
    expect(reply.headers.get('x-should-retry')).toBe('false')
    expect(reply.headers.get('x-valetkey-error')).toBe(code)
    expect(await reply.json()).toEqual({
      error: {
        message: 'A sentence.',
        type: 'valetkey_error',
        code,
        retryable: false,
        requestId: 'r',
        details: { retryAfterMs: 5 },
      },
    })
  })

  it('is an error to every SDK, whatever the code', () => {
    for (const code of codes) expect(createErrorReply(to, failure(code)).ok).toBe(false)
  })

  it('has no body in answer to HEAD', () => {
    expect(createErrorReply({ ...to, method: 'HEAD' }, failure('internal')).body).toBeNull()
  })
})

function failure(code: string) {
  const details = { retryAfterMs: 5 }
  const type = 'call.error' as const
  return {
    type,
    callId: 'c',
    code,
    message: 'A sentence.',
    retryable: false,
    requestId: 'r',
    details,
  }
}
