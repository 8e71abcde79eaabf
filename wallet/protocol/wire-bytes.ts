import * as z from 'zod/mini'

/** Base64url of exactly so many bytes, without stray bits (formats §1). */
export function bytesText(sizeBytes: number): z.ZodMiniString {
  const whole = Math.floor(sizeBytes / 3) * 4
  const tail = { 0: '', 1: '[A-Za-z0-9_-][AQgw]', 2: '[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048]' }
  const rest = tail[(sizeBytes % 3) as 0 | 1 | 2]
  return z.string().check(z.regex(new RegExp(`^[A-Za-z0-9_-]{${whole}}${rest}$`)))
}

/** Base64url of up to so many bytes. Stray bits are refused by who reads it. */
export function bytesTextUpTo(limitBytes: number): z.ZodMiniString {
  const limitCharacters = Math.ceil((limitBytes * 4) / 3)
  return z
    .string()
    .check(z.maxLength(limitCharacters), z.regex(/^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/))
}

export const idText = bytesText(16)
export const hashText = bytesText(32)
export const publicKeyText = bytesText(32)
export const signatureText = bytesText(64)
