import { argon2id as hashWasmArgon2id } from 'hash-wasm'
import type { Bytes } from './bytes.ts'

/** The cost of one hash: memory in KiB, passes. */
export interface Argon2idCost {
  readonly m: number
  readonly t: number
}

/**
 * Argon2id version 0x13, one lane, 32 bytes (RFC 9106), at any cost: this file is not a door of the
 * package. What may be asked for is decided in `kdf.ts`.
 */
export async function argon2id(
  passwordBytes: Uint8Array,
  salt: Uint8Array,
  cost: Argon2idCost,
): Promise<Bytes> {
  const hash = await hashWasmArgon2id({
    password: passwordBytes,
    salt,
    memorySize: cost.m,
    iterations: cost.t,
    parallelism: 1,
    hashLength: 32,
    outputType: 'binary',
  })
  return Uint8Array.from(hash)
}
