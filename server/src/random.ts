import { randomFillSync } from 'node:crypto'
import type { Random } from '@valetkey/wallet/protocol'

const POOL_BYTES = 4096

/**
 * Random bytes of the platform. Ids of sixteen bytes are drawn from a supply: asking for each by itself costs more
 * than a query of the database. What was given out is wiped from it.
 */
export function createRandom(): Random {
  const pool = new Uint8Array(POOL_BYTES)
  let used = POOL_BYTES
  return (sizeBytes) => {
    if (sizeBytes > POOL_BYTES) return randomFillSync(new Uint8Array(sizeBytes))
    if (used + sizeBytes > POOL_BYTES) {
      randomFillSync(pool)
      used = 0
    }
    const drawn = pool.slice(used, used + sizeBytes)
    pool.fill(0, used, used + sizeBytes)
    used += sizeBytes
    return drawn
  }
}
