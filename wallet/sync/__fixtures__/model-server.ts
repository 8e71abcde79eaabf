/** A server as the design has it, in memory and without a doubt of its own: what sync is tried against. */
import {
  WalletError,
  fromBase64url,
  toBase64url,
  type DevicesDocument,
  type NumberedRow,
  type PullReply,
  type PushRequest,
  type SignedHeadText,
} from '../../protocol/index.ts'
import { NO_HEAD, compareBytes, decodeHead, headHash, signedHeadOf } from '../index.ts'
import type { SyncServer } from '../sync-ports.ts'

interface Cursor {
  readonly mode: 'd' | 'f'
  readonly seq: number
}

export class ModelServer {
  readonly rows = new Map<string, NumberedRow>()
  readonly heads: SignedHeadText[] = []
  readonly acks = new Map<string, number>()
  devices: DevicesDocument
  /** Rows on a page, but for those of one push, which stay together. */
  pageSize = 1000
  /** Tombstones up to here are gone. */
  compacted = 0
  /** What was ever sent, accepted or not: a network may deliver it again. */
  readonly sent: PushRequest[] = []

  constructor(devices: DevicesDocument) {
    this.devices = devices
  }

  /** The server as one device reaches it. */
  for(deviceId: string): SyncServer {
    return {
      pull: (cursor, ack) => settle(() => this.pull(deviceId, cursor, ack)),
      heads: (from, to) => settle(() => ({ heads: this.heads.slice(from - 1, to).slice(0, 3) })),
      push: (push) => settle(() => this.push(structuredClone(push))),
    }
  }

  push(push: PushRequest): { seq: number } {
    this.sent.push(push)
    const hash = hashOf(push.head)
    const known = this.heads.findIndex((head) => hashOf(head) === hash)
    if (known >= 0) return { seq: known + 1 }
    const newest = this.heads.at(-1)
    const base = newest ? hashOf(newest) : toBase64url(NO_HEAD)
    if (push.base !== base) throw new WalletError('sync.conflict')
    const seq = this.heads.push(push.head)
    for (const row of push.changes) this.rows.set(row.recordId, { ...row, seq })
    return { seq }
  }

  pull(deviceId: string, text: string | null, ack: number): PullReply {
    this.acks.set(deviceId, Math.max(ack, this.acks.get(deviceId) ?? 0))
    const cursor = readCursor(text)
    if (cursor.mode === 'd' && cursor.seq < this.compacted) {
      throw new WalletError('sync.resync_required')
    }
    const after = [...this.rows.values()].filter(({ seq }) => seq > cursor.seq).sort(bySeq)
    const page: NumberedRow[] = []
    for (const row of after) {
      const isWithLast = page.at(-1)?.seq === row.seq
      if (page.length >= this.pageSize && !isWithLast) break
      page.push(row)
    }
    const rows = structuredClone(page)
    if (rows.length < after.length) {
      const seq = rows.at(-1)?.seq ?? 0
      return { rows, cursor: `${cursor.mode}${seq}`, head: null, devices: null, keys: null, floor: null }
    }
    const head = this.heads.at(-1)
    if (!head) throw new TypeError('A vault has a head from its first push on.')
    return {
      ...{ rows, cursor: `d${this.heads.length}`, head, devices: this.devices, keys: [] },
      floor: Math.min(...this.acks.values()),
    }
  }

  /** Lets the tombstones go that the newest head leaves out. */
  compact(): void {
    const head = decodeHead(fromBase64url(this.heads.at(-1)?.head ?? ''))
    if (typeof head === 'string') return
    this.compacted = head.floor
    for (const { recordId, del, seq } of [...this.rows.values()]) {
      if (del === 1 && seq <= head.floor) this.rows.delete(recordId)
    }
  }

  /** All of it as it is now, for a server that goes back to it. */
  snapshot(): ModelServer {
    const copy = new ModelServer(structuredClone(this.devices))
    for (const [id, row] of this.rows) copy.rows.set(id, structuredClone(row))
    copy.heads.push(...structuredClone(this.heads))
    return copy
  }
}

function hashOf(head: SignedHeadText): string {
  return toBase64url(headHash(signedHeadOf(head)))
}

function readCursor(text: string | null): Cursor {
  if (text === null) return { mode: 'f', seq: 0 }
  return { mode: text.startsWith('f') ? 'f' : 'd', seq: Number(text.slice(1)) }
}

function bySeq(left: NumberedRow, right: NumberedRow): number {
  if (left.seq !== right.seq) return left.seq - right.seq
  return compareBytes(fromBase64url(left.recordId), fromBase64url(right.recordId))
}

/** What throws must reject, as over a network. */
function settle<T>(step: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(step())
  })
}
