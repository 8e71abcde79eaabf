import { WalletError, type Random } from '../protocol/index.ts'
import { equalBytes, readU32, type Bytes } from './bytes.ts'

/**
 * A random port that refuses a generator which repeats itself.
 * C89: a stuck generator would give two records one nonce, and their keystreams would cancel out. Each
 * draw is compared with a second one, so that the very first value of a stuck generator is refused too.
 * Chance refuses a good generator once in 2¹²⁰ draws of 16 bytes.
 * @throws `internal`
 */
export function checkedRandom(random: Random): Random {
  return (sizeBytes) => drawBytes(random, sizeBytes)
}

/** One checked draw, see {@link checkedRandom}. For 16 bytes and more. @throws `internal` */
export function drawBytes(random: Random, sizeBytes: number): Bytes {
  const drawn = random(sizeBytes)
  const next = random(sizeBytes)
  const stuck = drawn.every((byte) => byte === drawn[0])
  if (drawn.length !== sizeBytes || stuck || equalBytes(drawn, next)) {
    throw new WalletError('internal')
  }
  return drawn
}

const DRAW_BYTES = 16
const DRAWS = 2 ** 32

/**
 * A whole number from 0 to `bound` − 1, each as likely as any other.
 * @param bound at most 2³²
 * @throws `internal` for a generator that repeats itself
 */
export function drawIndex(random: Random, bound: number): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > DRAWS) throw new TypeError('not a bound')
  const whole = DRAWS - (DRAWS % bound)
  for (;;) {
    const drawn = readU32(drawBytes(random, DRAW_BYTES), 0)
    // What lies past the last whole multiple would make the first numbers likelier.
    if (drawn < whole) return drawn % bound
  }
}
