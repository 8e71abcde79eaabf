import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import type { Random } from '../protocol/index.ts'
import type { Bytes } from './bytes.ts'
import { drawBytes } from './random.ts'

/** A fresh Ed25519 seed (RFC 8032 §5.1.5) or X25519 secret (RFC 7748 §5): 32 random bytes either way. */
export function createKeySeed(random: Random): Bytes {
  return drawBytes(random, 32)
}

/** The Ed25519 public key of a seed. */
export function signingPublicKey(seed: Uint8Array): Bytes {
  return Uint8Array.from(ed25519.getPublicKey(seed))
}

/** The X25519 public key of a secret. */
export function exchangePublicKey(secret: Uint8Array): Bytes {
  return Uint8Array.from(x25519.getPublicKey(secret))
}
