/**
 * The signed head: one signature a push, over the whole encrypted state (formats §5).
 *
 *   "VLTKHEAD" | 1 | vaultId 16 | seq u64 | prev 32 | epoch u32 | minSuite u8 | floor u64 |
 *   root 32 | devicesHash 32 | writerDeviceId 16                              = 158 bytes
 */
import {
  fromBase64url,
  toBase64url,
  type DeviceId,
  type DevicesDocument,
  type SignedHeadText,
  type VaultId,
} from '../protocol/index.ts'
import { concat, equalBytes, label, u32, u64, u8, utf8, type Bytes } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { sign, verifySignature, type VerifySignature } from '../crypto/signing.ts'
import { devicesFault, devicesHash, type DevicesFault } from './devices.ts'

export interface Head {
  readonly vaultId: VaultId
  /** From 1, one more with each push. */
  readonly seq: number
  /** The hash of the head before, 32 zero bytes at first. */
  readonly prev: Uint8Array
  readonly epoch: number
  readonly minSuite: number
  /** Tombstones with a seq up to this are left out of the tree. */
  readonly floor: number
  readonly root: Uint8Array
  readonly devicesHash: Uint8Array
  readonly writerDeviceId: DeviceId
}

/** A head as it is sent and stored: its exact bytes and the writer's signature. */
export interface SignedHead {
  readonly head: Uint8Array
  readonly sig: Uint8Array
}

const MAGIC = utf8('VLTKHEAD')
const VERSION = 1
export const HEAD_BYTES = 158
const SIGNATURE_BYTES = 64
export const NO_HEAD: Bytes = new Uint8Array(32)

/** @throws TypeError for a number or hash that does not fit */
export function encodeHead(head: Head): Bytes {
  const bytes = concat(
    MAGIC,
    u8(VERSION),
    fromBase64url(head.vaultId),
    u64(head.seq),
    head.prev,
    u32(head.epoch),
    u8(head.minSuite),
    u64(head.floor),
    head.root,
    head.devicesHash,
    fromBase64url(head.writerDeviceId),
  )
  if (bytes.length !== HEAD_BYTES) throw new TypeError('a hash has 32 bytes, an id 16')
  return bytes
}

type HeadFormFault = 'length' | 'magic' | 'version' | 'number'

/** The head in these bytes, or why there is none. Says nothing about who signed it. */
export function decodeHead(bytes: Uint8Array): Head | HeadFormFault {
  if (bytes.length !== HEAD_BYTES) return 'length'
  if (!equalBytes(bytes.subarray(0, 8), MAGIC)) return 'magic'
  if (bytes[8] !== VERSION) return 'version'
  const seq = readU64(bytes, 25)
  const floor = readU64(bytes, 70)
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(floor)) return 'number'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    vaultId: toBase64url(bytes.subarray(9, 25)) as VaultId,
    seq,
    prev: bytes.slice(33, 65),
    epoch: view.getUint32(65),
    minSuite: view.getUint8(69),
    floor,
    root: bytes.slice(78, 110),
    devicesHash: bytes.slice(110, 142),
    writerDeviceId: toBase64url(bytes.subarray(142)) as DeviceId,
  }
}

/** A head as it travels → its bytes. @throws `request.invalid` for text that is no base64url */
export function signedHeadOf({ head, sig }: SignedHeadText): SignedHead {
  return { head: fromBase64url(head), sig: fromBase64url(sig) }
}

/** H(head): what the next head names as `prev`, and what makes a push the same push. */
export function headHash({ head, sig }: SignedHead): Bytes {
  return sha256(concat(head, sig))
}

/** The bytes a device signs. */
export function headMessage(head: Uint8Array): Bytes {
  return concat(label('head'), head)
}

export function signHead(head: Head, deviceSeed: Uint8Array): SignedHead {
  const bytes = encodeHead(head)
  return { head: bytes, sig: sign(deviceSeed, headMessage(bytes)) }
}

/** What a device knows of the vault it belongs to. */
export interface TrustedHead {
  readonly seq: number
  readonly hash: Uint8Array
  readonly minSuite: number
}

export interface HeadCheck {
  readonly vaultId: VaultId
  readonly devices: DevicesDocument
  /** An identity key the reader already trusts. */
  readonly knownIdentity: string
  /** The newest head the reader has seen. */
  readonly stored?: TrustedHead
  /** Computed by the reader from the rows it has. */
  readonly root?: Uint8Array
  readonly verify?: VerifySignature
}

export type HeadFault =
  | HeadFormFault
  | DevicesFault
  | 'vault'
  | 'devices'
  | 'writer'
  | 'signature'
  | 'rollback'
  | 'fork'
  | 'chain'
  | 'min-suite'
  | 'root'

/** C80, C82: why a head must not be believed, or null. `rollback`, `fork` and `chain` are `sync.rollback`. */
export function headFault(signed: SignedHead, check: HeadCheck): HeadFault | null {
  const head = decodeHead(signed.head)
  if (typeof head === 'string') return head
  if (signed.sig.length !== SIGNATURE_BYTES) return 'length'
  if (head.vaultId !== check.vaultId) return 'vault'
  if (!equalBytes(head.devicesHash, devicesHash(check.devices))) return 'devices'
  const untrusted = devicesFault(check.devices, check)
  if (untrusted !== null) return untrusted
  const signature = headSignatureFault(signed, check.devices, check.verify)
  if (signature !== null) return signature
  const behind = check.stored ? historyFault(signed, head, check.stored) : null
  if (behind !== null) return behind
  return check.root && !equalBytes(check.root, head.root) ? 'root' : null
}

/** Whether the writer a head names is on the list and signed it. */
export function headSignatureFault(
  signed: SignedHead,
  devices: DevicesDocument,
  verify: VerifySignature = verifySignature,
): HeadFormFault | 'writer' | 'signature' | null {
  const head = decodeHead(signed.head)
  if (typeof head === 'string') return head
  const writer = devices.devices.find(({ id }) => id === head.writerDeviceId)
  if (!writer) return 'writer'
  const good = verify(fromBase64url(writer.ed25519), headMessage(signed.head), signed.sig)
  return good ? null : 'signature'
}

function historyFault(signed: SignedHead, head: Head, stored: TrustedHead): HeadFault | null {
  if (head.seq < stored.seq) return 'rollback'
  if (head.seq === stored.seq && !equalBytes(headHash(signed), stored.hash)) return 'fork'
  if (head.seq === stored.seq + 1 && !equalBytes(head.prev, stored.hash)) return 'chain'
  return head.minSuite < stored.minSuite ? 'min-suite' : null
}

function readU64(bytes: Uint8Array, offset: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.getUint32(offset) * 2 ** 32 + view.getUint32(offset + 4)
}
