import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import type { Random } from '../protocol/index.ts'
import { concat, equalBytes, type Bytes } from './bytes.ts'
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

/** An Ed25519 signature, 64 bytes, over the exact bytes (RFC 8032 §5.1.6). */
export function sign(seed: Uint8Array, message: Uint8Array): Bytes {
  return Uint8Array.from(ed25519.sign(message, seed))
}

/** Whether a signature is of this message and key. What is malformed is `false`, never an error. */
export type VerifySignature = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean

/**
 * RFC 8032 §5.1.7, strict and cofactorless: R is computed anew and its bytes compared. Libraries disagree
 * on keys with a part of small order, and two devices that disagree on a head would never agree again.
 */
export const verifySignature: VerifySignature = (publicKey, message, signature) => {
  if (!isSigningKey(publicKey) || !isCanonicalSignature(signature)) return false
  const claimed = signature.subarray(0, 32)
  const challenge = fromLittleEndian(sha512(concat(claimed, publicKey, message))) % ORDER
  const scalar = fromLittleEndian(signature.subarray(32))
  try {
    const key = ed25519.Point.fromBytes(publicKey)
    const computed = ed25519.Point.BASE.multiplyUnsafe(scalar).subtract(
      key.multiplyUnsafe(challenge),
    )
    return equalBytes(computed.toBytes(), claimed)
  } catch {
    return false
  }
}

/** The order of the base point, L, and the field's prime (RFC 8032 §5.1). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
const PRIME = 2n ** 255n - 19n
/** The y of every point whose order divides 8. */
const SMALL_ORDER_Y = [
  0n,
  1n,
  PRIME - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303021822n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]

/**
 * Whether 32 bytes may be a signing key: canonical, and not of small order. A key of small order makes
 * one signature good for many messages.
 */
export function isSigningKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false
  const y = fromLittleEndian(publicKey) & (2n ** 255n - 1n)
  return y < PRIME && !SMALL_ORDER_Y.includes(y)
}

/** Whether 64 bytes may be a signature: S below L, so that nobody can write it in another way. */
export function isCanonicalSignature(signature: Uint8Array): boolean {
  return signature.length === 64 && fromLittleEndian(signature.subarray(32)) < ORDER
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (let index = bytes.length - 1; index >= 0; index--) {
    value = (value << 8n) | BigInt(bytes[index] ?? 0)
  }
  return value
}
