/** What a push must be, judged by what the server can see: never by content. */
import {
  ENVELOPE_LIMIT_BYTES,
  PUSH_LIMIT_BYTES,
  WalletError,
  canonicalJson,
  toBase64url,
  type DevicesDocument,
  type EpochKey,
  type SignedHeadText,
  type SyncRow,
} from '@valetkey/wallet/protocol'
import {
  decodeHead,
  devicesFault,
  devicesHash,
  epochKeysHash,
  headHash,
  headSignatureFault,
  signedHeadOf,
  type Head,
  type SignedHead,
} from '@valetkey/wallet/sync/formats'
import { verifySignature } from '../auth/verify-signature.ts'
import { fromText } from '../bytes.ts'
import type { NewRow } from '../database/tables.ts'
import { envelopeStart } from './envelope-start.ts'

/** What the server knows of the vault a push is for; of a new account nothing. */
export interface VaultState {
  readonly accountId: string
  readonly vaultId: string
  readonly seq: number
  readonly epoch: number
  readonly floor: number
  readonly minSuite: number
  readonly headHash: string
  readonly devices: DevicesDocument
  readonly keys: readonly EpochKey[] | null
}

export interface Push {
  readonly base: string
  readonly changes: readonly SyncRow[]
  readonly head: SignedHeadText
  readonly devices?: DevicesDocument | undefined
  readonly keys?: readonly EpochKey[] | undefined
}

export interface CheckedPush {
  readonly head: Head
  readonly hash: string
  readonly text: SignedHeadText
  readonly rows: readonly NewRow[]
  readonly devices: DevicesDocument
  readonly keys: readonly EpochKey[] | null
}

export function readHead(text: SignedHeadText): { signed: SignedHead; head: Head; hash: string } {
  const signed = signedHeadOf(text)
  const head = decodeHead(signed.head)
  if (typeof head === 'string') throw unprocessable()
  return { signed, head, hash: toBase64url(headHash(signed)) }
}

/**
 * A push on a vault the server has.
 * @param opensEpoch whether the head may open the next epoch
 * @throws `request.unprocessable`, `request.too_large`
 */
export function checkPush(
  state: VaultState,
  push: Push,
  { opensEpoch = false }: { readonly opensEpoch?: boolean } = {},
): CheckedPush {
  const { head, hash, signed } = readHead(push.head)
  const follows =
    head.vaultId === state.vaultId &&
    head.seq === state.seq + 1 &&
    toBase64url(head.prev) === state.headHash &&
    head.minSuite >= state.minSuite &&
    head.floor >= state.floor &&
    head.floor <= state.seq
  const epoch = head.epoch === state.epoch || (opensEpoch && head.epoch === state.epoch + 1)
  if (!follows || !epoch) throw unprocessable()
  const devices = push.devices ?? state.devices
  if (push.devices) assertFollows(state, push.devices)
  assertSigned(signed, head, devices)
  const keys = keysOf(push, devices, state.keys)
  return { head, hash, text: push.head, rows: rowsOf(state.accountId, push, head), devices, keys }
}

/** The first push of an account. Its head may be any of a chain: a vault can move here. */
export function checkFirstPush(
  accountId: string,
  push: Push & { devices: DevicesDocument },
): CheckedPush {
  const { head, hash, signed } = readHead(push.head)
  const isFirst = head.prev.every((byte) => byte === 0)
  if (head.seq < 1 || (head.seq === 1) !== isFirst || head.floor >= head.seq || head.epoch < 1) {
    throw unprocessable()
  }
  const { vaultId } = head
  if (devicesFault(push.devices, { vaultId, verify: verifySignature }) !== null)
    throw unprocessable()
  assertSigned(signed, head, push.devices)
  const keys = keysOf(push, push.devices, null)
  return {
    head,
    hash,
    text: push.head,
    rows: rowsOf(accountId, push, head),
    devices: push.devices,
    keys,
  }
}

/** A newer list: certified, on the chain of the identity it replaces, no link of before left out. */
function assertFollows(state: VaultState, devices: DevicesDocument): void {
  const fault = devicesFault(devices, {
    vaultId: state.vaultId as Head['vaultId'],
    knownIdentity: state.devices.identity,
    verify: verifySignature,
  })
  const before = state.devices.links
  const kept = canonicalJson(devices.links.slice(0, before.length)) === canonicalJson([...before])
  if (fault !== null || !kept) throw unprocessable()
}

function assertSigned(signed: SignedHead, head: Head, devices: DevicesDocument): void {
  const named = toBase64url(head.devicesHash) === toBase64url(devicesHash(devices))
  const fault = headSignatureFault(signed, devices, verifySignature)
  if (!named || fault !== null) throw unprocessable()
}

/** The keys of the epoch: those the document names, pushed now or kept from before. */
function keysOf(
  push: Push,
  devices: DevicesDocument,
  before: readonly EpochKey[] | null,
): readonly EpochKey[] | null {
  const keys = push.keys ?? (devices.keysHash === undefined ? null : before)
  const hash = keys === null ? undefined : epochKeysHash(keys)
  if (hash !== devices.keysHash) throw unprocessable()
  return keys
}

function rowsOf(accountId: string, push: Push, head: Head): readonly NewRow[] {
  const rows = push.changes.map((change) => rowOf(accountId, change, head))
  const ids = new Set(rows.map(({ record_id }) => record_id))
  if (ids.size < rows.length) throw unprocessable()
  const sizeBytes = rows.reduce((sum, row) => sum + row.size_bytes, 0)
  if (sizeBytes > PUSH_LIMIT_BYTES) {
    throw new WalletError('request.too_large', { limitBytes: PUSH_LIMIT_BYTES })
  }
  return rows
}

/** C83: an envelope of another epoch, a wrap without its method, or a method on what is no wrap. */
function rowOf(accountId: string, change: SyncRow, head: Head): NewRow {
  const envelope = fromText(change.envelope)
  const start = envelopeStart(envelope)
  const isWrap = change.method !== undefined
  const fits =
    start !== null &&
    start.epoch === head.epoch &&
    envelope.length <= ENVELOPE_LIMIT_BYTES &&
    isWrap === (change.params !== undefined) &&
    start.method === change.method
  if (!fits) throw unprocessable()
  return {
    account_id: accountId,
    record_id: change.recordId,
    seq: head.seq,
    rev: change.rev,
    prev: change.prev,
    del: change.del,
    writer_device_id: change.writerDeviceId,
    epoch: start.epoch,
    method: change.method ?? null,
    params: change.params ?? null,
    size_bytes: envelope.length,
    envelope,
  }
}

function unprocessable(): WalletError {
  return new WalletError('request.unprocessable')
}
