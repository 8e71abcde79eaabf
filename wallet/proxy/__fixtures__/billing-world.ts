/** A wallet that dies and starts again over one store, with everything its provider billed. */
import { defaultTerms } from '../../grants/index.ts'
import {
  createLedger,
  createRateLimits,
  type Ledger,
  type LedgerStore,
  type PeriodLimit,
} from '../../metering/index.ts'
import {
  WalletError,
  createId,
  isWalletError,
  type Grant,
  type GrantId,
  type KeyId,
  type Reservation,
  type Terms,
  type UsageRow,
} from '../../protocol/index.ts'
import { createFakeClock, createMemoryLedgerStore, createSeededRandom } from '../../testing/index.ts'
import type { OutgoingRequest } from '../forward.ts'
import type { ProxyPorts } from '../ports.ts'
import { runCall } from '../run-call.ts'
import { BilledSend, type Plan } from './billing-provider.ts'
import { APP, AT_HOSTS, chat } from './call-world.ts'

export const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 21, 12)
const LONG = 1000 * 365 * 24 * HOUR
const random = createSeededRandom('billing')
const GRANT_ID = createId<GrantId>(random)
const KEY_IDS = Array.from({ length: 3 }, () => createId<KeyId>(random))

/** A call as a page makes it. */
export interface PageWish {
  readonly plan: Plan
  readonly stream: boolean
  /** The output limit the app asks for; null: none. */
  readonly outputLimit: number | null
  /** False: the page leaves the reply unread. */
  readonly reads: boolean
}

/** A call a page made. */
interface RunningCall {
  readonly abort: AbortController
  readonly sends: BilledSend[]
  /** Hangs up at the provider as a page does that lets its reply go. */
  cancel: () => Promise<void>
}

/** Never comes back: what a dead worker waits for. */
const never = new Promise<never>(() => undefined)

export class BillingWorld {
  readonly clock = createFakeClock(NOW)
  readonly store = createMemoryLedgerStore()
  readonly calls: RunningCall[] = []
  readonly refused: string[] = []
  /** Every reservation that was ever written. */
  readonly held: Reservation[] = []
  /** The periods calls were, or would have been, counted in. */
  readonly periods = new Set<string>()
  ledger: Ledger
  /** The provider's own clock, Unix ms. */
  trueTime = NOW
  /** The latest date it sent, Unix ms. */
  lastDate = NOW
  #epoch = 0
  readonly #terms: Terms
  #ports: ProxyPorts

  constructor(budgets: Terms['budgets']) {
    const keys = KEY_IDS.map((keyId) => ({ provider: 'openai' as const, keyId }))
    this.#terms = {
      ...defaultTerms({ now: NOW, keys }),
      budgets,
      limits: { perMinute: 100_000, parallel: 100_000, maxOutputTokens: 500 },
      expiresAt: NOW + LONG,
    }
    this.ledger = this.#start()
    this.#ports = this.#portsOf(this.ledger)
  }

  /** Every request the provider got. */
  get sends(): readonly BilledSend[] {
    return this.calls.flatMap(({ sends }) => sends)
  }

  get billed(): number {
    return this.sends.reduce((sum, { billedNanoUsd }) => sum + billedNanoUsd, 0)
  }

  async used(period: string): Promise<number> {
    return (await this.store.used(GRANT_ID, period)).nanoUsd
  }

  rows(): Promise<readonly UsageRow[]> {
    return this.store.usage(Number.MAX_SAFE_INTEGER)
  }

  /** The worker dies: nothing it waits for comes back, and the next one puts its books in order. */
  async kill(): Promise<void> {
    for (const send of this.sends) send.hangUp()
    this.#epoch += 1
    this.ledger = this.#start()
    this.#ports = this.#portsOf(this.ledger)
    await this.ledger.reconcile()
  }

  /** A page makes a call; it goes its own way from here. */
  begin(wish: PageWish): void {
    const call: RunningCall = {
      abort: new AbortController(),
      sends: [],
      cancel: () => Promise.resolve(),
    }
    this.calls.push(call)
    const { stream, outputLimit } = wish
    const limit = outputLimit === null ? {} : { max_completion_tokens: outputLimit }
    const page = chat({ stream, ...limit })
    void runCall(page, APP, this.#portsFor(call, wish), call.abort.signal)
      .then(async (reply) => {
        if (reply.kind !== 'response' || !reply.body) return
        if (reply.isRefusal) this.refused.push('budget')
        const reader = reply.body.getReader()
        call.cancel = () => reader.cancel()
        for (let part = wish.reads; part; ) part = !(await reader.read()).done
      })
      .catch((error: unknown) => {
        if (!isWalletError(error)) this.refused.push(String(error))
      })
  }

  /** The page gives a call up. */
  abort({ abort, sends, cancel }: RunningCall): void {
    if (abort.signal.aborted) return
    abort.abort()
    for (const send of sends) send.hangUp()
    void cancel().catch(() => undefined)
  }

  #start(): Ledger {
    return createLedger({ store: this.#mortal(), clock: this.clock.now })
  }

  /** Each step of the store is one whole step, but nobody hears of it once the worker is dead. */
  #mortal(): LedgerStore {
    const epoch = this.#epoch
    const { store } = this
    const live = async <T>(step: () => Promise<T>): Promise<T> => {
      if (epoch !== this.#epoch) return never
      const done = await step()
      return epoch === this.#epoch ? done : never
    }
    return {
      ...store,
      reserve: (reservation: Reservation, limits: readonly PeriodLimit[]) =>
        live(async () => {
          for (const period of reservation.periods) this.periods.add(period)
          const result = await store.reserve(reservation, limits)
          if (result.outcome === 'reserved') this.held.push(reservation)
          return result
        }),
      settle: (row) =>
        live(() => store.settle(row)),
      append: (row) => live(() => store.append(row)),
      reservations: () => live(() => store.reservations()),
      readWindowClock: () => live(() => store.readWindowClock()),
      writeWindowClock: (state) => live(() => store.writeWindowClock(state)),
    }
  }

  #portsFor(call: RunningCall, { plan }: PageWish): ProxyPorts {
    const epoch = this.#epoch
    const ports = this.#ports
    let reservation: Reservation | null = null
    return {
      ...ports,
      ledger: {
        ...ports.ledger,
        reserve: async (input) => {
          reservation = await ports.ledger.reserve(input)
          return reservation
        },
      },
      forward: (request: OutgoingRequest) => {
        if (epoch !== this.#epoch || !reservation) return never
        const send = new BilledSend({ request, reservation }, plan, call.sends.length)
        call.sends.push(send)
        return send.response
      },
    }
  }

  #portsOf(ledger: Ledger): ProxyPorts {
    const grant: Grant = {
      id: GRANT_ID,
      subject: { origin: APP.origin },
      status: 'active',
      terms: this.#terms,
      createdAt: NOW,
    }
    return {
      clock: this.clock.now,
      random,
      ledger,
      rateLimits: createRateLimits(),
      forward: () => Promise.reject(new WalletError('internal')),
      findSite: () => Promise.resolve({ grantId: GRANT_ID, provider: 'openai' }),
      openVault: () =>
        Promise.resolve({
          readGrant: () => Promise.resolve(grant),
          openKey: (keyId) => Promise.resolve({ keyId, provider: 'openai', ...AT_HOSTS }),
        }),
      mayReach: () => Promise.resolve(false),
      isPaused: () => Promise.resolve(false),
      ask: () => Promise.resolve('deny'),
      noteRefusal: () => undefined,
      noteForeignHost: () => undefined,
      noteCall: () => undefined,
      noteKeyRefused: () => undefined,
      keyTurns: { read: () => Promise.resolve(null), write: () => undefined },
    }
  }
}

