import { beforeAll, describe, expect, it } from 'vitest'
import { createSeededRandom } from '../testing/index.ts'
import { loadStrengthEstimator, type EstimateStrength } from './strength.ts'
import { suggestPassphrase } from './suggest-passphrase.ts'

let estimateStrength: EstimateStrength

beforeAll(async () => {
  estimateStrength = await loadStrengthEstimator()
}, 120_000)

describe('the strength of a passphrase', { timeout: 60_000 }, () => {
  it.each([
    ['', 'short'],
    ['Kx9#mPq2$vL', 'short'],
    ['password1234', 'common'],
    ['qwertyuiop12', 'common'],
    ['zaqxswcdevfr', 'common'],
    ['sdfghjklzxcvbnm,', 'keyboard'],
    ['aaaaaaaaaaaaaaaa', 'repeat'],
    ['aB3$aB3$aB3$aB3$aB3$aB3$', 'repeat'],
    ['abcdefghijklmnop', 'sequence'],
    ['internationalization', 'word'],
    ['valetkeyvaletkey', 'yours'],
    ['correct horse battery staple', 'yours'],
    ['CorrectHorseBatteryStaple1', 'yours'],
    ['JohnSmith1987', 'guessable'],
  ])('%j is weak: %s', (passphrase, reason) => {
    expect(estimateStrength(passphrase)).toMatchObject({ level: 'weak', reason })
  })

  it.each([
    ['Tr0ub4dour&3xyz', 'fair'],
    ['Kx9#mPq2$vLz', 'fair'],
    ['a quiet harbour at dawn', 'good'],
    ['venue siren milk critic', 'good'],
    ['Kx9#mPq2$vLzRt5!wN8', 'good'],
    ['pen traffic blast define wheel', 'strong'],
  ])('%j is %s', (passphrase, level) => {
    expect(estimateStrength(passphrase)).toMatchObject({ level, reason: level })
  })

  it('counts for little what is known about the person', () => {
    const passphrase = 'the lighthouse keeper of Skagen'

    expect(estimateStrength(passphrase).level).toBe('strong')
    expect(estimateStrength(passphrase, [passphrase])).toMatchObject({
      level: 'weak',
      reason: 'yours',
    })
  })

  it('does not change with the way a character is typed', () => {
    expect(estimateStrength('ｐａｓｓｗｏｒｄ１２３４')).toEqual(estimateStrength('password1234'))
  })

  it('counts characters, not code units', () => {
    expect(estimateStrength('🔑'.repeat(11)).reason).toBe('short')
  })

  it('takes a moment even for what is made to take long (C76)', () => {
    const hostile = ['aB3$', 'P@$$w0rd', 'l33t5p34k', '4@8({[</\\|369&#!1/|0$5+7%2', '1987', "'"]
    for (const part of hostile) {
      const before = process.threadCpuUsage()
      estimateStrength(part.repeat(1000))

      expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(1500)
    }
  })
})

describe('a passphrase to offer', () => {
  it('has six words, others each time, and is strong', () => {
    const random = createSeededRandom('suggestions')
    const offers = Array.from({ length: 50 }, () => suggestPassphrase(random))

    expect(new Set(offers).size).toBe(50)
    for (const offer of offers) expect(offer).toMatch(/^[a-z]{3,8}(?: [a-z]{3,8}){5}$/)
    for (const offer of offers.slice(0, 5)) expect(estimateStrength(offer).level).toBe('strong')
  })

  it('comes from the whole list', () => {
    const random = createSeededRandom('the list')
    const words = new Set<string>()
    for (let offer = 0; offer < 3000; offer++) {
      for (const word of suggestPassphrase(random).split(' ')) words.add(word)
    }

    // 18,000 draws of 2,048: each is missed with a probability of e^-8.8.
    expect(words.size).toBeGreaterThanOrEqual(2040)
    expect(words.size).toBeLessThanOrEqual(2048)
  }, 60_000)

  it('is refused from a generator that repeats itself (C89)', () => {
    expect(() => suggestPassphrase((sizeBytes) => new Uint8Array(sizeBytes))).toThrow(
      expect.objectContaining({ code: 'internal' }),
    )
  })
})
