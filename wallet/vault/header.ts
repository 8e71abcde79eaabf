import { SECRET_KEY_BYTES, type Bytes } from '../crypto/index.ts'
import { WalletError, fromBase64url, isWalletError, parseWith } from '../protocol/index.ts'
import { vaultHeaderSchema, type VaultHeader, type VaultStore } from './store.ts'

/** The newest schema and suite this version reads. */
const SCHEMA = 1
const SUITE = 1

/** Whether there is a vault to unlock. `damaged`: something is there and must not be written over (C85). */
export type VaultState = 'none' | 'present' | 'damaged' | 'newer'

/** Reads nothing but the header, and never writes. */
export async function readVaultState(store: VaultStore): Promise<VaultState> {
  try {
    if (parseHeader(await store.readHeader()) !== null) return 'present'
    // Rows without a header are a vault that lost it: a new one may not be made on top of them.
    return (await store.readRows()).length > 0 ? 'damaged' : 'none'
  } catch (error) {
    if (isWalletError(error, 'vault.newer')) return 'newer'
    if (isWalletError(error, 'vault.corrupt')) return 'damaged'
    throw error
  }
}

/**
 * A stored header, null where no vault was created.
 * @throws `vault.newer` for a schema or suite of a later version, `vault.corrupt` if it cannot be read
 */
export function parseHeader(stored: unknown): VaultHeader | null {
  if (stored === undefined) return null
  if (numberIn(stored, 'schema') > SCHEMA || numberIn(stored, 'minSuite') > SUITE) {
    throw new WalletError('vault.newer')
  }
  const header = parseWith(vaultHeaderSchema, stored, 'vault.corrupt')
  readSecretKey(header)
  return header
}

/** A stored header. @throws `request.not_found` where there is none, else as {@link parseHeader} */
export function presentHeader(stored: unknown): VaultHeader {
  const header = parseHeader(stored)
  if (header === null) throw new WalletError('request.not_found')
  return header
}

/** The Secret Key of the vault that is there, base64url: for another device of it. @throws as {@link presentHeader} */
export async function readSecretKeyText(store: Pick<VaultStore, 'readHeader'>): Promise<string> {
  return presentHeader(await store.readHeader()).secretKey
}

/** The Secret Key in the header. @throws `vault.corrupt` */
export function readSecretKey(header: VaultHeader): Bytes {
  const secretKey = bytesOf(header.secretKey)
  if (secretKey?.length !== SECRET_KEY_BYTES) throw new WalletError('vault.corrupt')
  return secretKey
}

function bytesOf(text: string): Bytes | undefined {
  try {
    return fromBase64url(text)
  } catch {
    return undefined
  }
}

function numberIn(value: unknown, name: string): number {
  const member: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return typeof member === 'number' ? member : 0
}
