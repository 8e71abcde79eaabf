import * as z from 'zod/mini'
import { toBase64url } from './base64url.ts'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** Ids are 16 random bytes, base64url without padding in JSON (formats §1). */
export type RecordId = Branded<'RecordId'>
export type DeviceId = Branded<'DeviceId'>
export type VaultId = Branded<'VaultId'>
export type AccountId = Branded<'AccountId'>
/** The record id of a provider key. */
export type KeyId = Branded<'KeyId'>
/** The record id of a grant. */
export type GrantId = Branded<'GrantId'>
/** The real key of a provider: never logged, never stored in clear, never sent anywhere but to its host. */
export type ProviderKey = Branded<'ProviderKey'>
/** Names one proxied request in errors, logs and usage rows. */
export type RequestId = Branded<'RequestId'>

// 22 characters hold 132 bits: the last one may only be A, Q, g or w, or four stray bits would differ.
const idText = z.string().check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/))

export const recordIdSchema = z.pipe(
  idText,
  z.transform((text) => text as RecordId),
)
export const deviceIdSchema = z.pipe(
  idText,
  z.transform((text) => text as DeviceId),
)
export const vaultIdSchema = z.pipe(
  idText,
  z.transform((text) => text as VaultId),
)
export const accountIdSchema = z.pipe(
  idText,
  z.transform((text) => text as AccountId),
)
export const keyIdSchema = z.pipe(
  idText,
  z.transform((text) => text as KeyId),
)
export const grantIdSchema = z.pipe(
  idText,
  z.transform((text) => text as GrantId),
)
export const requestIdSchema = z.pipe(
  idText,
  z.transform((text) => text as RequestId),
)

/** The random port: `size` bytes of a cryptographically secure generator. */
export type Random = (sizeBytes: number) => Uint8Array<ArrayBuffer>
/** The clock port: Unix milliseconds. */
export type Clock = () => number

/** A fresh id: 16 bytes from the random port. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names which branded id it makes
export function createId<T extends string>(random: Random): T {
  return toBase64url(random(16)) as T
}
