import { describe, expect, it } from 'vitest'
import { sign, signingPublicKey, verifySignature } from '../crypto/signing.ts'
import { createSeededRandom } from '../testing/index.ts'
import { createVerifyOnce } from './verify-once.ts'

const random = createSeededRandom('verify once')
const seed = random(32)
const key = signingPublicKey(seed)
const signed = (message: Uint8Array) => [key, message, sign(seed, message)] as const

function counting() {
  const verified = { count: 0 }
  const verify = createVerifyOnce((...given) => {
    verified.count += 1
    return verifySignature(...given)
  })
  return { verify, verified }
}

describe('a signature that held', () => {
  it('is verified once', () => {
    const { verify, verified } = counting()
    const one = signed(random(80))
    expect([verify(...one), verify(...one)]).toEqual([true, true])
    expect(verified.count).toBe(1)
  })

  it('says nothing of another key, message or signature', () => {
    const { verify } = counting()
    const [publicKey, message, signature] = signed(random(80))
    expect(verify(publicKey, message, signature)).toBe(true)
    const other = signed(random(80))
    expect(verify(signingPublicKey(random(32)), message, signature)).toBe(false)
    expect(verify(publicKey, other[1], signature)).toBe(false)
    expect(verify(publicKey, message, other[2])).toBe(false)
    // The same bytes in a row, cut elsewhere.
    const moved = Uint8Array.from([...publicKey, ...message.subarray(0, 1)])
    expect(verify(moved, message.subarray(1), signature)).toBe(false)
  })

  it('is verified anew once many others were, and one that did not hold always', () => {
    const { verify, verified } = counting()
    const first = signed(random(80))
    verify(...first)
    for (let other = 0; other < 256; other++) verify(...signed(Uint8Array.of(other)))
    const before = verified.count
    verify(...first)
    expect(verified.count).toBe(before + 1)
    const wrong = [key, random(80), first[2]] as const
    expect([verify(...wrong), verify(...wrong)]).toEqual([false, false])
    expect(verified.count).toBe(before + 3)
  })
})
