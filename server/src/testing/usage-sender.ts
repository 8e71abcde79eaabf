/** A device that sends receipts for calls, and knows what must then stand in its account's usage. */
import { randomBytes, randomInt } from 'node:crypto'
import { sign } from '@valetkey/wallet/crypto/signing'
import { toBase64url, type ReceiptOutcome, type SignedReceipt } from '@valetkey/wallet/protocol'
import { receiptMessage } from '@valetkey/wallet/sync/formats'
import type { RelayedRow } from '../database/tables.ts'
import { hashOfReceipt } from '../relay/receipts.ts'
import type { Reply, TestDevice } from './device.ts'

const newId = () => toBase64url(Uint8Array.from(randomBytes(16)))
const DAY_MS = 24 * 60 * 60_000
const PER_REQUEST = 4
const PER_PAGE = 1000

/** Sums of usage rows: what `totals` rows can be compared by. */
export interface UsageSum {
  readonly requests: number
  readonly inputTokens: number
  readonly nanoUsd: number
}
interface ShownRow extends UsageSum {
  readonly at: number
  readonly level: 'totals' | 'calls'
}

export interface UsageState {
  /** Times of the rows of single calls: each call has a time of its own. */
  readonly calls: readonly number[]
  /** What the device shares as totals of a day alone. */
  readonly totals: UsageSum
  readonly chain: { readonly n: number; readonly missing: number }
}

export class UsageSender {
  readonly #device: TestDevice
  readonly #grant = newId()
  readonly #clientId: string
  readonly #day = Math.floor(Date.now() / DAY_MS) * DAY_MS
  readonly #requests: readonly string[]
  #last = { n: 0, hash: toBase64url(new Uint8Array(32)) }
  readonly #acknowledged: SignedReceipt[] = []

  /** @param count of calls there are to send receipts for */
  constructor(device: TestDevice, clientId: string, count: number) {
    this.#device = device
    this.#clientId = clientId
    this.#requests = Array.from({ length: count }, newId)
  }

  get acknowledged(): number {
    return this.#acknowledged.length
  }

  /** The calls as the relay writes them down; a receipt for any other is `unknown`. */
  relayed(): RelayedRow[] {
    return this.#requests.map((request_id, index) => ({
      ...{ connection_id: this.#grant, request_id, account_id: this.#device.keys.accountId },
      ...{ client_id: this.#clientId, at: this.#timeOf(index), ms: 1, status: 200 },
      ...{ bytes_in: 1, bytes_out: 1, receipt_hash: null },
    }))
  }

  /** Sends receipts until told to stop, or out of calls. @returns those that got no answer, if there are such */
  async sendUntil(stop: AbortSignal): Promise<SignedReceipt[] | null> {
    while (!stop.aborted && this.#last.n < this.#requests.length) {
      const receipts = this.#nextReceipts()
      const reply = await this.#send(receipts).catch(() => null)
      if (!reply) return receipts
      const outcomes = outcomesOf(reply)
      if (outcomes.some((outcome) => outcome !== 'accepted')) throw new Error(outcomes.join())
      this.#acknowledged.push(...receipts)
    }
    return null
  }

  /** The same bytes again: `accepted` where the kill came first, `replayed` where the server was faster. */
  async sendAgain(receipts: readonly SignedReceipt[]): Promise<ReceiptOutcome[]> {
    const outcomes = outcomesOf(await this.#send(receipts))
    this.#acknowledged.push(...receipts)
    return outcomes
  }

  /** What must be there: each acknowledged receipt once. */
  expected(): UsageState {
    const shared = (level: string) => this.#acknowledged.filter(({ share }) => share === level)
    const totals = shared('totals').map(({ receipt }) => ({
      ...{ requests: 1, inputTokens: receipt.in, nanoUsd: receipt.nano_usd },
    }))
    const calls = shared('calls').map(({ receipt }) => this.#timeOf(receipt.n - 1))
    const chain = { n: this.#last.n, missing: 0 }
    return { calls: calls.sort((a, b) => b - a), totals: sum(totals), chain }
  }

  /** What the server shows. */
  async shown(): Promise<UsageState> {
    const rows: ShownRow[] = []
    for (let to = this.#day + DAY_MS; ;) {
      const url = `/v1/usage?limit=${String(PER_PAGE)}&to=${String(to)}`
      const page = (await this.#device.ask<ShownRow[]>('GET', url)).body.data
      rows.push(...page)
      const oldest = page.at(-1)
      if (!oldest || page.length < PER_PAGE) break
      to = oldest.at
    }
    const { body } = await this.#device.ask<{ chains: { n: number; missing: number }[] }>(
      'GET',
      '/v1/usage/calls?limit=1',
    )
    const { n = 0, missing = 0 } = body.data.chains[0] ?? {}
    return {
      calls: rows.filter(({ level }) => level === 'calls').map(({ at }) => at),
      totals: sum(rows.filter(({ level }) => level === 'totals')),
      chain: { n, missing },
    }
  }

  /** After the row of the day's totals. */
  #timeOf(index: number): number {
    return this.#day + 1 + index
  }

  #nextReceipts(): SignedReceipt[] {
    const count = Math.min(PER_REQUEST, this.#requests.length - this.#last.n)
    return Array.from({ length: count }, () => this.#nextReceipt())
  }

  #nextReceipt(): SignedReceipt {
    const n = this.#last.n + 1
    const receipt = {
      ...{ req: this.#requests[n - 1] ?? '', grant: this.#grant, n, prev_hash: this.#last.hash },
      ...{ provider: 'openai', model: 'gpt-4o-mini', in: randomInt(1, 1000), out: 1 },
      ...({ nano_usd: randomInt(1, 1_000_000), source: 'usage', status: 200 } as const),
    }
    const sig = toBase64url(sign(this.#device.device.seed, receiptMessage(this.#grant, receipt)))
    this.#last = { n, hash: hashOfReceipt({ ...receipt, sig }) }
    return { receipt, share: n % 2 === 0 ? 'totals' : 'calls', sig }
  }

  #send(receipts: readonly SignedReceipt[]): Promise<Reply<Taken>> {
    return this.#device.ask<Taken>('POST', '/v1/receipts', { receipts })
  }
}

interface Taken {
  readonly outcomes: readonly { readonly outcome: ReceiptOutcome }[]
}

function outcomesOf({ status, body }: Reply<Taken>): ReceiptOutcome[] {
  if (status !== 200) throw new Error(`${String(status)} ${body.error.code}`)
  return body.data.outcomes.map(({ outcome }) => outcome)
}

const sum = (rows: readonly UsageSum[]): UsageSum => ({
  requests: rows.reduce((total, { requests }) => total + requests, 0),
  inputTokens: rows.reduce((total, { inputTokens }) => total + inputTokens, 0),
  nanoUsd: rows.reduce((total, { nanoUsd }) => total + nanoUsd, 0),
})
