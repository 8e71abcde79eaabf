import { APP_ERRORS } from '@valetkey/wallet/protocol/app-errors'
import { describe, expect, it } from 'vitest'
import { ValetKeyError, isValetKeyError } from './valet-key-error.ts'

const CODES = Object.keys(APP_ERRORS) as (keyof typeof APP_ERRORS)[]

describe('ValetKeyError', () => {
  it.each(CODES)('says of %s what the table says', (code) => {
    const { message, action, status, retryable } = APP_ERRORS[code]

    expect(new ValetKeyError(code)).toMatchObject({ code, message, action, status, retryable })
  })

  it('repeats what the wallet said of a code it has no sentence for', () => {
    expect(new ValetKeyError('request.too_large', { message: 'Too large.' })).toMatchObject({
      ...{ code: 'request.too_large', message: 'Too large.' },
    })
  })

  it('carries what came with it, and nothing where nothing came', () => {
    const cause = new Error('port closed')
    const details = { retryAfterMs: 1200 }
    const full = new ValetKeyError('request.rate_limited', { requestId: 'req_1', details, cause })

    expect(full).toMatchObject({ requestId: 'req_1', details, cause })
    expect('cause' in new ValetKeyError('internal')).toBe(false)
  })
})

describe('isValetKeyError', () => {
  it('knows its own, and by code', () => {
    const error = new ValetKeyError('grant.revoked')

    expect(isValetKeyError(error)).toBe(true)
    expect(isValetKeyError(error, 'grant.revoked')).toBe(true)
    expect(isValetKeyError(error, 'vault.locked')).toBe(false)
  })

  it('knows one of another copy of the package', () => {
    const foreign = Object.assign(new Error('elsewhere'), {
      [Symbol.for('valetkey.sdk.error')]: true,
      code: 'vault.locked',
    })

    expect(isValetKeyError(foreign, 'vault.locked')).toBe(true)
  })

  it.each([[new Error('vault.locked')], [{ code: 'vault.locked' }], ['vault.locked'], [null]])(
    'takes %s for none',
    (value) => {
      expect(isValetKeyError(value)).toBe(false)
    },
  )
})
