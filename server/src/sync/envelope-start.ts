/** The first 12 bytes of an envelope, which stand in clear: "VLTK" | suite 1 | type | schema | epoch (formats §3). */
import type { SyncRow } from '@valetkey/wallet/protocol'

const MAGIC = Buffer.from('VLTK')
const SUITE = 1
const SCHEMA = 1
/** Start, nonce, commitment, the smallest bucket, tag. */
const SMALLEST = 12 + 24 + 32 + 256 + 16
/** By type; what is not here is none of a vault's rows. */
const METHODS = new Map<number, SyncRow['method']>([
  [1, undefined],
  [2, 'passphrase'],
  [3, 'recovery'],
  [4, 'passkey'],
  [5, 'epoch'],
  [6, undefined],
  [8, undefined],
])

/** Epoch, and the method a wrap of this type has; null for what is no envelope of a row. */
export function envelopeStart(
  envelope: Uint8Array,
): { readonly epoch: number; readonly method: SyncRow['method'] } | null {
  if (envelope.length < SMALLEST) return null
  const view = new DataView(envelope.buffer, envelope.byteOffset, envelope.byteLength)
  const type = view.getUint8(5)
  const known =
    MAGIC.equals(envelope.subarray(0, 4)) &&
    view.getUint8(4) === SUITE &&
    METHODS.has(type) &&
    view.getUint16(6) === SCHEMA
  return known ? { epoch: view.getUint32(8), method: METHODS.get(type) } : null
}
