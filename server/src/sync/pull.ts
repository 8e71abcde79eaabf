import {
  ROWS_PER_PAGE,
  WalletError,
  type NumberedRow,
  type PullReply,
} from '@valetkey/wallet/protocol'
import { toText } from '../bytes.ts'
import type { Account } from '../database/tables.ts'
import type { Server } from '../server.ts'
import { findAccount } from '../stores/accounts.ts'
import { floorOf, listDevices, noteSeen, type Device } from '../stores/devices.ts'
import { inSnapshot, type Queries } from '../stores/queries.ts'
import { listRows, listSizes, type StoredRow } from '../stores/vault.ts'
import { readDevices, readKeys } from './apply-push.ts'

/** A page is cut here, at the end of a push, however many rows were asked for. */
const PAGE_BYTES = 4 * 1024 * 1024

/** Where a pull goes on, and whether it tells changes or everything. */
interface Cursor {
  readonly seq: number
  readonly mode: 'delta' | 'full'
}

interface PullQuery {
  readonly accountId: string
  /** Absent: everything from the start. */
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
  /** The device that asks, and the seq it has applied. Absent: it has none yet. */
  readonly device?: { readonly id: string; readonly ack: number | undefined } | undefined
}

/**
 * One page. A push is never cut in two, and the last page is of one snapshot with its head.
 * @throws `sync.resync_required` for changes since before the floor, or of another state of the database
 */
export async function pull(server: Server, query: PullQuery): Promise<PullReply> {
  const now = server.clock()
  const { page, seen } = await inSnapshot(server.database, async (queries) => {
    const account = await findAccount(queries, query.accountId)
    if (!account) throw new WalletError('auth.failed')
    const cursor = readCursor(server, account, query.cursor)
    const limit = Math.min(query.limit ?? ROWS_PER_PAGE, ROWS_PER_PAGE)
    const end = await endOfPage(queries, account.id, cursor.seq, limit)
    const stored = await listRows(queries, account.id, cursor.seq, end ?? account.seq)
    const rows = stored.map(numbered)
    if (end !== null && end < account.seq) {
      const next = writeCursor(server, { seq: end, mode: cursor.mode })
      return { page: { rows, cursor: next, ...NOT_LAST }, seen: null }
    }
    const devices = await listDevices(queries, account.id)
    const acked = acknowledged(devices, query, account.seq, now)
    const page: PullReply = {
      rows,
      cursor: writeCursor(server, { seq: account.seq, mode: 'delta' }),
      head: { head: account.head, sig: account.sig },
      devices: readDevices(account),
      keys: readKeys(account),
      floor: Math.max(floorOf(acked, now), account.floor),
    }
    return { page, seen: acked.find(({ device_id }) => device_id === query.device?.id) ?? null }
  })
  if (seen) await noteSeen(server.database.queries, seen)
  return page
}

const NOT_LAST = { head: null, devices: null, keys: null, floor: null }

/** The seq of the last whole push that fits, or null if all that is left does. */
async function endOfPage(
  queries: Queries,
  accountId: string,
  after: number,
  limit: number,
): Promise<number | null> {
  const sizes = await listSizes(queries, accountId, after, limit + 1)
  let bytes = 0
  const over = sizes.findIndex(({ size_bytes }, index) => {
    bytes += size_bytes
    return index >= limit || bytes > PAGE_BYTES
  })
  const first = sizes[0]
  const cut = sizes[over]
  if (!first || !cut) return null
  const before = sizes.slice(0, over).findLast(({ seq }) => seq < cut.seq)
  // A push larger than the page is a page of its own.
  return before?.seq ?? first.seq
}

/** The devices, as they are once this pull is answered. */
function acknowledged(
  devices: readonly Device[],
  { device }: PullQuery,
  newest: number,
  now: number,
): readonly Device[] {
  return devices.map((one) => {
    if (one.device_id !== device?.id) return one
    const acked_seq = Math.max(one.acked_seq, Math.min(device.ack ?? 0, newest))
    return { ...one, acked_seq, seen_at: now }
  })
}

function readCursor(server: Server, account: Account, text: string | undefined): Cursor {
  if (text === undefined) return { seq: 0, mode: 'full' }
  const [epoch, seqText, mode] = text.split('.')
  const cursor: Cursor = { seq: Number(seqText), mode: mode === 'f' ? 'full' : 'delta' }
  const isOurs = epoch === server.serverEpoch && cursor.seq <= account.seq
  // A full pull begins below the floor, or it would be told to begin anew for ever.
  const isComplete = cursor.mode === 'full' || cursor.seq >= account.floor
  if (!isOurs || !isComplete) throw new WalletError('sync.resync_required')
  return cursor
}

function writeCursor(server: Server, { seq, mode }: Cursor): string {
  return `${server.serverEpoch}.${seq}.${mode === 'full' ? 'f' : 'd'}`
}

function numbered(row: StoredRow): NumberedRow {
  const wrap = { method: row.method, params: row.params } as Pick<NumberedRow, 'method' | 'params'> // written from one
  return {
    recordId: row.record_id,
    seq: row.seq,
    rev: row.rev,
    prev: row.prev,
    del: row.del === 1 ? 1 : 0,
    writerDeviceId: row.writer_device_id,
    envelope: toText(row.envelope),
    ...(row.method === null ? {} : wrap),
  }
}
