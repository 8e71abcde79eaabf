import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSeededRandom } from '../testing/index.ts'
import { createKeySeed, sign, signingPublicKey, verifySignature } from './signing.ts'

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string }
    readonly tests: readonly {
      readonly tcId: number
      readonly msg: string
      readonly sig: string
      readonly result: string
    }[]
  }[]
}

const fromHex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const random = createSeededRandom('platform signing')
const { testGroups } = JSON.parse(
  readFileSync(new URL('./__vectors__/ed25519.json', import.meta.url), 'utf8'),
) as Wycheproof
const cases = testGroups.flatMap(({ publicKey, tests }) =>
  tests.map((test) => ({ ...test, pk: publicKey.pk })),
)

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each([
  { name: 'by the platform', isThere: true },
  { name: 'where the platform has none', isThere: false },
])('Ed25519, $name', ({ isThere }) => {
  /** Anew each time: which keys the platform takes is remembered. */
  const begin = async () => {
    vi.resetModules()
    const asked = vi.spyOn(crypto.subtle, 'verify')
    if (!isThere) {
      vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(
        new DOMException('', 'NotSupportedError'),
      )
    }
    return { ...(await import('./platform-signing.ts')), asked }
  }

  it.each(cases)(
    'gives the $result result of Wycheproof $tcId',
    async ({ pk, msg, sig, result }) => {
      const { verifyByPlatform } = await begin()
      const given = await verifyByPlatform(fromHex(pk), fromHex(msg), fromHex(sig))
      expect(given).toBe(result === 'valid')
    },
  )

  it('takes what it signed, as the other way does, and nothing else', async () => {
    const { createSigner, verifyByPlatform, asked } = await begin()
    const seed = createKeySeed(random)
    const message = random(100)
    const signature = await createSigner(seed)(message)

    expect(signature).toEqual(sign(seed, message))
    expect(await verifyByPlatform(signingPublicKey(seed), message, signature)).toBe(true)
    expect(asked).toHaveBeenCalledTimes(isThere ? 1 : 0)
    for (let bit = 0; bit < 64 * 8; bit += 7) {
      const other = Uint8Array.from(signature)
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(await verifyByPlatform(signingPublicKey(seed), message, other)).toBe(false)
    }
    expect(await verifyByPlatform(signingPublicKey(seed), random(100), signature)).toBe(false)
  })

  it('takes no key of small order, nor one that is written in another way', async () => {
    const { verifyByPlatform } = await begin()
    const message = random(8)
    for (const key of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31)), random(31)]) {
      const claimed = new Uint8Array(64)
      expect(await verifyByPlatform(key, message, claimed)).toBe(false)
      expect(verifySignature(key, message, claimed)).toBe(false)
    }
  })
})
