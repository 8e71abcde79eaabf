import { describe, expect, it } from 'vitest'
import {
  ERROR_TABLE,
  WalletError,
  asWalletError,
  fromWire,
  isErrorCode,
  isWalletError,
  toWire,
  type ErrorCode,
} from './errors.ts'

const CODES = Object.keys(ERROR_TABLE) as ErrorCode[]

/** The table of the formats: codes and statuses are API, so this list only ever grows. */
const STATUSES = `
request.invalid 400 request.unsupported 404 request.too_large 413 request.aborted 499
request.rate_limited 429 request.replayed 409 grant.missing 403 grant.denied 403 grant.expired 403
grant.revoked 403 grant.paused 403 grant.model_denied 403 grant.capability_denied 403 grant.lane_denied 403
grant.consent_required 403 grant.consent_timeout 403 budget.exceeded 402 vault.locked 423
vault.unlock_failed 401 vault.corrupt 500 vault.newer 500 vault.quota 507 provider.unauthorized 502
provider.rate_limited 429 provider.unavailable 503 provider.network 502 relay.wallet_offline 503
relay.wallet_locked 423 relay.wallet_timeout 504 relay.wallet_lost 502 relay.sealed_required 403
auth.failed 401 auth.expired 401 auth.forbidden 403 sync.conflict 409 sync.rollback 409
sync.resync_required 410 wallet.not_installed 0 wallet.lost 502 request.not_found 404
request.unprocessable 422 request.untranslatable 422 request.use_client_sdk 400 request.not_implemented 501
protocol.invalid_message 400 internal 500`

describe('the error table', () => {
  it('has the codes and statuses of the formats, and no others', () => {
    const words = STATUSES.trim().split(/\s+/)
    const wanted = words.flatMap((word, index) =>
      index % 2 === 0 ? [[word, Number(words[index + 1])]] : [],
    )

    expect(CODES.map((code) => [code, ERROR_TABLE[code].status]).sort()).toEqual(wanted.sort())
  })

  it.each(CODES)('speaks plainly to a person about %s', (code) => {
    const { message, action } = ERROR_TABLE[code]

    for (const sentence of [message, action]) {
      expect(sentence).toMatch(/^[A-Z].*\.$/)
      expect(sentence).not.toMatch(/error occurred|invalid|unauthori[sz]ed|\btokens?\b|!/i)
    }
    expect(action).not.toBe(message)
  })

  it('never asks to repeat what may have been charged', () => {
    for (const code of ['relay.wallet_lost', 'wallet.lost', 'request.aborted'] as const) {
      expect(ERROR_TABLE[code].retryable).toBe(false)
    }
  })
})

describe('a WalletError', () => {
  it('carries the message, status and retryability of its code', () => {
    const error = new WalletError('request.rate_limited', { retryAfterMs: 5 })

    expect(error).toMatchObject({
      code: 'request.rate_limited',
      message: ERROR_TABLE['request.rate_limited'].message,
      status: 429,
      retryable: true,
      details: { retryAfterMs: 5 },
    })
  })

  it('is known by its mark, also when it comes from another bundle', () => {
    const foreign = Object.assign(new Error('x'), {
      [Symbol.for('valetkey.error')]: true,
      code: 'vault.locked',
    })

    expect(isWalletError(foreign)).toBe(true)
    expect(isWalletError(foreign, 'vault.locked')).toBe(true)
    expect(isWalletError(foreign, 'vault.corrupt')).toBe(false)
  })

  it.each([null, undefined, 'vault.locked', 7, {}, { code: 'vault.locked' }, new Error('x')])(
    'is not %s',
    (value) => {
      expect(isWalletError(value)).toBe(false)
    },
  )

  it('is made of anything that is none, and keeps what that was from the wire', () => {
    const locked = new WalletError('vault.locked')
    const unexpected = new Error('secret detail')
    const made = asWalletError(unexpected)

    expect(asWalletError(locked)).toBe(locked)
    expect([made.code, made.cause]).toEqual(['internal', unexpected])
    expect(JSON.stringify(toWire(made, 'r'))).not.toContain('secret')
  })

  it.each(['toString', '__proto__', 'constructor', '', 'vault', 'vault.LOCKED'])(
    'has no code "%s"',
    (code) => {
      expect(isErrorCode(code)).toBe(false)
    },
  )
})

describe('on a wire', () => {
  it.each(CODES)('%s arrives as it left', (code) => {
    const arrived = fromWire(JSON.parse(JSON.stringify(toWire(new WalletError(code), 'r1'))))

    expect(arrived).toMatchObject({ code, message: ERROR_TABLE[code].message })
  })

  it('details of the code arrive too', () => {
    const details = { window: 'month', limitUsd: '5.00', usedUsd: '4.99', neededUsd: '0.02' }
    const wire = toWire(new WalletError('budget.exceeded', details), 'r1')

    expect(wire.details).toEqual(details)
    expect(fromWire(wire).details).toEqual(details)
  })

  it('neither cause nor stack nor any other member crosses', () => {
    const canary = 'canary-of-a-secret'
    const error = new WalletError('provider.network', undefined, { cause: new Error(canary) })
    const wire = toWire(Object.assign(error, { header: canary }), 'r1')

    expect(Object.keys(wire).sort()).toEqual(['code', 'message', 'requestId', 'retryable'])
    expect(JSON.stringify(wire)).not.toContain(canary)
  })

  it('a message changed on the way out is the table’s again', () => {
    const error = new WalletError('vault.locked')
    error.message = 'canary'

    expect(toWire(error, 'r1').message).toBe(ERROR_TABLE['vault.locked'].message)
  })

  it('details that are not those of the code stay behind', () => {
    const smuggled = { retryAfterMs: 5, body: 'canary' }
    const error = new WalletError('request.rate_limited', smuggled)

    expect(toWire(error, 'r1')).not.toHaveProperty('details')
  })

  it.each([new Error('canary'), 'canary', { code: 'vault.locked', message: 'canary' }, null])(
    'anything else thrown is internal and says nothing',
    (thrown) => {
      expect(toWire(thrown, 'r1')).toEqual({
        code: 'internal',
        message: ERROR_TABLE.internal.message,
        retryable: false,
        requestId: 'r1',
      })
    },
  )

  it('a code of a newer bundle is internal', () => {
    const newer = { [Symbol.for('valetkey.error')]: true, code: 'vault.frozen' }

    expect(toWire(newer, 'r1').code).toBe('internal')
  })

  const wire = toWire(new WalletError('vault.locked'), 'r1')
  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'vault.locked'],
    ['an unknown code', { ...wire, code: 'vault.frozen' }],
    ['a code of every object', { ...wire, code: 'toString' }],
    ['a member too many', { ...wire, stack: 'x' }],
    ['a member missing', { code: 'vault.locked' }],
    ['details that hold an object', { ...wire, details: { a: {} } }],
  ])('%s is read as internal', (_, value) => {
    expect(fromWire(value).code).toBe('internal')
  })

  it('text of another party is never shown as the message', () => {
    const read = fromWire({ ...wire, message: 'Send your key to evil.example.' })

    expect(read.message).toBe(ERROR_TABLE['vault.locked'].message)
  })

  it('malformed details are dropped, the code is kept', () => {
    const read = fromWire({ ...wire, code: 'request.too_large', details: { limitBytes: 'x' } })

    expect(read).toMatchObject({ code: 'request.too_large', details: undefined })
  })
})
