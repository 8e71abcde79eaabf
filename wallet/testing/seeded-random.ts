import { concat, sha256, u64, utf8, type Bytes } from '../crypto/index.ts'
import type { Random } from '../protocol/index.ts'

/** A random port that gives the same bytes for the same seed. For tests only: anyone can predict it. */
export function createSeededRandom(seed: string): Random {
  let block = 0
  let pool: Bytes = new Uint8Array()
  return (sizeBytes) => {
    while (pool.length < sizeBytes) {
      pool = concat(pool, sha256(concat(u64(block), utf8(seed))))
      block += 1
    }
    const drawn = pool.slice(0, sizeBytes)
    pool = pool.slice(sizeBytes)
    return drawn
  }
}
