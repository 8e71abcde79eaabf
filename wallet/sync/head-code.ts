/** A head as two people can read it to each other. */
import type { SignedHeadText } from '../protocol/index.ts'
import { headHash, signedHeadOf } from './head.ts'

/** Crockford’s, without I, L, O and U. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_BYTES = 5

/**
 * Two devices in step show the same, `7K2M-Q9XD`: 40 bits of the head's hash. A server cannot make another
 * head with them, as it signs none.
 */
export function headCode(head: SignedHeadText): string {
  let bits = 0n
  for (const byte of headHash(signedHeadOf(head)).subarray(0, CODE_BYTES)) {
    bits = (bits << 8n) | BigInt(byte)
  }
  const letters = Array.from(
    { length: 8 },
    (_, at) => LETTERS[Number((bits >> BigInt(35 - 5 * at)) & 31n)],
  )
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}
