import { concat, hkdfExpand, hkdfExtract, lp, u32 } from '../crypto/index.ts'
import type { PassphraseKdf } from '../vault/index.ts'

/**
 * A passphrase KDF that costs nothing, for tests of what stands around it: it takes the parameters of a
 * real vault, and its result depends on every one of them.
 */
export const fastTestKdf: PassphraseKdf = (passphraseBytes, salt, { m, t, p }) => {
  const input = concat(lp(passphraseBytes), u32(m), u32(t), u32(p))
  return Promise.resolve(hkdfExpand(hkdfExtract(salt, input), new Uint8Array()))
}
