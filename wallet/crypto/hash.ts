import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import type { Bytes } from './bytes.ts'

/** SHA-256 (FIPS 180-4): 32 bytes. */
export function sha256(bytes: Uint8Array): Bytes {
  return Uint8Array.from(nobleSha256(bytes))
}

/** HKDF-Extract with SHA-256 (RFC 5869 §2.2): 32 bytes. */
export function hkdfExtract(salt: Uint8Array, inputKey: Uint8Array): Bytes {
  return Uint8Array.from(extract(nobleSha256, inputKey, salt))
}

/** HKDF-Expand with SHA-256 (RFC 5869 §2.3). @throws Error above 255 × 32 bytes */
export function hkdfExpand(key: Uint8Array, info: Uint8Array, sizeBytes = 32): Bytes {
  return Uint8Array.from(expand(nobleSha256, key, info, sizeBytes))
}
