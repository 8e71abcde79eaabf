import { createSeededRandom } from '@valetkey/wallet/testing'

/** Chances that come out the same for the same seed. */
export interface Draw {
  /** A whole number from 0 up to, and without, `below`. */
  number(below: number): number
  /** One of a list that is not empty. */
  pick<T>(all: readonly T[]): T
}

export function createDraw(seed: string): Draw {
  const random = createSeededRandom(seed)
  const number = (below: number) => {
    const bytes = random(4)
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) % below
  }
  return {
    number,
    pick(all) {
      const [picked] = all.slice(number(all.length))
      if (picked === undefined) throw new TypeError('There is nothing to pick from.')
      return picked
    },
  }
}
