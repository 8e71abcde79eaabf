/** Everything the server has to say since a cursor, gathered before any of it is believed. */
import {
  STORED_BYTES_PER_ACCOUNT,
  WalletError,
  isWalletError,
  type DevicesDocument,
  type EpochKey,
  type RecordId,
  type SignedHeadText,
} from '../protocol/index.ts'
import { signedHeadOf, type SignedHead } from './head.ts'
import type { SyncServer } from './sync-ports.ts'
import { numberedRow, type PulledRow } from './wire-rows.ts'

/** What one pull brought, all of its pages. */
export interface Pulled {
  /** Every row there is, not what changed: what is not in it is gone. */
  readonly isWhole: boolean
  readonly rows: ReadonlyMap<RecordId, PulledRow>
  readonly headText: SignedHeadText
  readonly head: SignedHead
  readonly devices: DevicesDocument
  /** The root key of the epoch, for each device. Believed only with the document that names their hash. */
  readonly keys: readonly EpochKey[]
  readonly cursor: string
  /** What the next head may name as its floor. */
  readonly floor: number
}

/**
 * C83: more than an account can hold would fill the memory of whoever gathers it. Twice as much, counted as it
 * travels: a vault may be sealed anew while it is pulled.
 */
const PULL_LIMIT_BYTES = 2 * STORED_BYTES_PER_ACCOUNT
/** Of the smallest envelope (formats §3): a row without one costs memory too. */
const LEAST_ROW_BYTES = 340

/**
 * Pulls from a cursor, or everything where the server cannot go on from there.
 * @param ack the seq of the newest head this device believed
 * @throws `protocol.invalid_message` for a server that never comes to an end, or sends more than it may keep
 */
export async function pullPages(
  server: Pick<SyncServer, 'pull'>,
  cursor: string | null,
  ack: number,
): Promise<Pulled> {
  try {
    return await gather(server, cursor, ack)
  } catch (error) {
    if (cursor === null || !isWalletError(error, 'sync.resync_required')) throw error
    return gather(server, null, ack)
  }
}

async function gather(
  server: Pick<SyncServer, 'pull'>,
  cursor: string | null,
  ack: number,
): Promise<Pulled> {
  const rows = new Map<RecordId, PulledRow>()
  let next = cursor
  let sizeBytes = 0
  for (;;) {
    const page = await server.pull(next, ack)
    for (const { envelope } of page.rows) sizeBytes += Math.max(envelope.length, LEAST_ROW_BYTES)
    if (sizeBytes > PULL_LIMIT_BYTES) throw new WalletError('protocol.invalid_message')
    for (const row of page.rows) {
      const pulled = numberedRow(row)
      rows.set(pulled.row.recordId, pulled)
    }
    const { head, devices, keys, floor } = page
    if (head && devices && floor !== null) {
      const signed = signedHeadOf(head)
      const isWhole = cursor === null
      const last = { headText: head, head: signed, devices, keys: keys ?? [] }
      return { isWhole, rows, ...last, cursor: page.cursor, floor }
    }
    if (page.rows.length === 0 || page.cursor === next) {
      throw new WalletError('protocol.invalid_message')
    }
    next = page.cursor
  }
}
