import {
  WalletError,
  fromBase64url,
  toBase64url,
  type JsonObject,
  type Random,
} from '../protocol/index.ts'
import type { Bytes } from './bytes.ts'
import {
  envelopeEpoch,
  openEnvelope,
  sealEnvelope,
  type Opening,
  type Sealing,
  type WrapMethod,
} from './envelope.ts'

/** The root key of an epoch: 32 random bytes (formats §2). */
export interface RootKeyEntry {
  readonly epoch: number
  readonly rootKey: Uint8Array
}

const ROOT_KEY_BYTES = 32

/** Seals a root key; an epoch wrap holds the key of the epoch before its own. Errors as sealing an envelope. */
export function sealWrap(
  sealing: Omit<Sealing, 'content' | 'type'> & { readonly type: WrapMethod },
  rootKey: Uint8Array,
  random: Random,
): Bytes {
  const epoch = innerEpoch(sealing.type, sealing.epoch)
  return sealEnvelope({ ...sealing, content: { epoch, vrk: toBase64url(rootKey) } }, random)
}

/**
 * Opens a wrap.
 * @throws `vault.unlock_failed` if the key does not fit, else as {@link openEnvelope}
 */
export function openWrap(opening: Opening & { readonly type: WrapMethod }): RootKeyEntry {
  const expected = innerEpoch(opening.type, envelopeEpoch(opening.envelope))
  return readRootKeyEntry(openEnvelope(opening), expected)
}

/** The root key in a content `{epoch, vrk}`. @throws `vault.corrupt` for another epoch or form */
export function readRootKeyEntry(content: JsonObject, expected: number): RootKeyEntry {
  const { epoch, vrk, ...rest } = content
  const rootKey = typeof vrk === 'string' ? readRootKey(vrk) : undefined
  if (epoch !== expected || rootKey?.length !== ROOT_KEY_BYTES || Object.keys(rest).length > 0) {
    throw new WalletError('vault.corrupt')
  }
  return { epoch: expected, rootKey }
}

function innerEpoch(type: WrapMethod, epoch: number): number {
  return type === 'epoch' ? epoch - 1 : epoch
}

function readRootKey(text: string): Bytes | undefined {
  try {
    return fromBase64url(text)
  } catch {
    return undefined
  }
}
