import { argon2id } from './argon2id.ts'
import type { Bytes } from './bytes.ts'
import { assertKdfParams, type KdfParams } from './kdf-params.ts'

export type { KdfParams } from './kdf-params.ts'

/**
 * The passphrase hash A (formats §2): 32 bytes of Argon2id. It blocks its thread for half a second and
 * more, so it belongs in an offscreen document or a Worker (F18).
 * C81: there is no argument that lowers the floor.
 * @throws `vault.corrupt` for parameters outside the client's bounds, before hashing
 */
export async function deriveArgon2id(
  passphraseBytes: Uint8Array,
  salt: Uint8Array,
  params: KdfParams,
): Promise<Bytes> {
  assertKdfParams(params)
  return argon2id(passphraseBytes, salt, params)
}
