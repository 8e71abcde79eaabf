import { describe, expect, it } from 'vitest'
import { relayKeyMessage, signingPublicKey, verifySignature } from '../crypto/index.ts'
import { fromBase64url, toBase64url } from '../protocol/index.ts'
import { createSeededRandom } from '../testing/index.ts'
import { GRANT } from './__fixtures__/relay-world.ts'
import {
  createExchangeKey,
  liveExchangeKeys,
  renewExchangeKeys,
  signExchangeKey,
} from './relay-keys.ts'

const DAY_MS = 24 * 60 * 60_000
const NOW = 1_800_000_000_000
const random = createSeededRandom('relay keys')
const first = createExchangeKey(NOW, random)

describe('the keys calls are sealed to', () => {
  it('are kept for a week, and renewed with the last one beside', () => {
    expect(renewExchangeKeys([first], NOW + 7 * DAY_MS - 1, random)).toBeNull()
    const renewed = renewExchangeKeys([first], NOW + 7 * DAY_MS, random)

    expect(renewed).toHaveLength(2)
    expect(renewed?.[1]).toBe(first)
    expect(renewed?.[0]?.seed).not.toBe(first.seed)
    const third = renewExchangeKeys(renewed ?? [], NOW + 14 * DAY_MS, random)
    expect(third?.slice(1)).toEqual(renewed?.slice(0, 1))
  })

  it('are made where there is none, and anew where a clock was far ahead', () => {
    expect(renewExchangeKeys([], NOW, random)).toHaveLength(1)
    expect(renewExchangeKeys([first], NOW - 2 * DAY_MS, random)).toHaveLength(2)
    expect(renewExchangeKeys([first], NOW - DAY_MS / 2, random)).toBeNull()
  })

  it('open no call after their time, but the newest always', () => {
    const keys = renewExchangeKeys([first], NOW + 7 * DAY_MS, random) ?? []

    expect(liveExchangeKeys(keys, NOW + 8 * DAY_MS - 1)).toHaveLength(2)
    expect(liveExchangeKeys(keys, NOW + 8 * DAY_MS)).toHaveLength(1)
    expect(liveExchangeKeys(keys, NOW + 30 * DAY_MS)).toHaveLength(1)
  })

  it('are signed by the grant’s own key, for eight days and this grant', () => {
    const signingSeed = random(32)
    const signed = signExchangeKey(GRANT, {
      signingSeed: toBase64url(signingSeed),
      exchangeKeys: [first],
    })
    if (!signed) throw new Error('nothing was signed')
    const { sig, ...key } = signed
    const isSigned = (grant: string): boolean =>
      verifySignature(
        signingPublicKey(signingSeed),
        relayKeyMessage(grant, key),
        fromBase64url(sig),
      )

    expect(key).toMatchObject({ notBefore: NOW, notAfter: NOW + 8 * DAY_MS })
    expect(isSigned(GRANT)).toBe(true)
    expect(isSigned('BBBBBBBBBBBBBBBBBBBBBA')).toBe(false)
  })

  it('are none where there is none', () => {
    expect(
      signExchangeKey(GRANT, { signingSeed: toBase64url(random(32)), exchangeKeys: [] }),
    ).toBeNull()
  })
})
