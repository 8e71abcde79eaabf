/** The calls that a device of a schedule makes: a real ledger, held to what of the limits is the device's (C67). */
import { SharedLimits, createLedger, periodOf, type Ledger } from '@valetkey/wallet/metering'
import {
  WalletError,
  createId,
  isWalletError,
  readLimitName,
  type GrantId,
  type KeyId,
  type LimitName,
  type LimitParts,
  type RequestId,
  type Terms,
} from '@valetkey/wallet/protocol'
import type { LimitsPort } from '@valetkey/wallet/sync'
import { createMemoryLedgerStore } from '@valetkey/wallet/testing'
import type { OpenVault } from '@valetkey/wallet/vault'
import { random } from '../wallet-device.ts'

const CENT_NANO_USD = 10_000_000

export interface SpendingDevice {
  /** As the worker of now has it open. */
  readonly vault: () => OpenVault
  readonly readParts: () => Promise<LimitParts>
}

interface Surroundings {
  readonly grantId: GrantId
  readonly clock: () => number
  /** What a call that comes in the middle of a sync would cost; 0: none comes. */
  readonly meanwhileCents: () => number
  readonly count: (what: string) => void
}

/** A call that got its place. */
interface Call {
  readonly nanoUsd: number
  readonly at: number
}

export class Spender {
  /** The disk: it outlives a worker. */
  readonly #store = createMemoryLedgerStore()
  readonly #device: SpendingDevice
  readonly #around: Surroundings
  readonly #calls: Call[] = []
  #ledger: Ledger
  #limits: SharedLimits

  constructor(device: SpendingDevice, around: Surroundings) {
    this.#device = device
    this.#around = around
    const { limits, ledger } = this.#worker()
    this.#limits = limits
    this.#ledger = ledger
  }

  /** A new worker knows what is on the disk, and nothing else. */
  restart(): void {
    const { limits, ledger } = this.#worker()
    this.#limits = limits
    this.#ledger = ledger
  }

  /** What sync is given of it, as it is in the worker of now. */
  port(): LimitsPort {
    const limits = this.#limits
    const { count } = this.#around
    return {
      used: async (grantId, name) => {
        const used = await limits.used(grantId, name)
        // C67: whatever comes between the counting and the giving away finds the smaller part.
        const cents = this.#around.meanwhileCents()
        if (cents > 0) await this.call(cents)
        return used
      },
      lower: (parts) => {
        count('part given away')
        return limits.lower(parts)
      },
      note: (parts) => {
        limits.note(parts)
      },
      takeAsks: () => limits.takeAsks(),
      now: limits.now,
    }
  }

  /** A call by the grant as this device sees it: it is held, or there is no room for it. */
  async call(cents: number): Promise<void> {
    const { grantId, clock, count } = this.#around
    const grant = await this.#device.vault().readRecord('grant', grantId)
    if (grant?.status !== 'active') return
    const { budgets, requests = [] } = grant.terms
    const nanoUsd = cents * CENT_NANO_USD
    try {
      await this.#ledger.reserve({
        ...{ requestId: createId<RequestId>(random), keyId: createId<KeyId>(random), grantId },
        ...{ provider: 'openai', model: 'gpt-4.1', capability: 'chat', budgets, requests },
        boundNanoUsd: nanoUsd,
      })
    } catch (error) {
      const full = ['budget.exceeded', 'request.rate_limited'] as const
      if (!full.some((code) => isWalletError(error, code))) throw error
      count('call refused')
      return
    }
    count('call held')
    this.#calls.push({ nanoUsd, at: clock() })
  }

  /** How much of a limit it may use up, of `whole`. */
  async partOf(name: LimitName, whole: number): Promise<number> {
    return (await this.#limits.partOf(this.#around.grantId))(name, whole)
  }

  /** What it used of a limit, by the period. */
  used(name: LimitName): ReadonlyMap<string, number> {
    const used = new Map<string, number>()
    const { unit, window } = readLimitName(name) ?? expectLimit()
    for (const { nanoUsd, at } of this.#calls) {
      const period = periodOf(window, at)
      used.set(period, (used.get(period) ?? 0) + (unit === 'calls' ? 1 : nanoUsd))
    }
    return used
  }

  #worker(): { readonly limits: SharedLimits; readonly ledger: Ledger } {
    const { clock } = this.#around
    const device = this.#device
    const limits: SharedLimits = new SharedLimits({
      hasServer: () => Promise.resolve(true),
      readParts: () => device.readParts(),
      isMaker: async (id) => {
        const vault = device.vault()
        return (await vault.readMaker(id)) === vault.deviceId
      },
      // What was asked for goes with the device's next sync; no call waits for it here.
      sync: () => Promise.reject(new WalletError('provider.network')),
      ledger: () => ledger,
      clock,
    })
    const ledger: Ledger = createLedger({ store: this.#store, clock, limits })
    return { limits, ledger }
  }
}

/** The limits of the one grant of a schedule, for all devices together. */
export class GrantLimits {
  /** The most that each was ever set to. */
  readonly #most = new Map<LimitName, number>()

  /** Somebody set them. */
  set({ budgets, requests = [] }: Terms): void {
    for (const { usd, window } of budgets) {
      this.#note(`usd/${window}`, Math.round(Number(usd) * 100) * CENT_NANO_USD)
    }
    for (const { count, window } of requests) this.#note(`calls/${window}`, count)
  }

  get most(): ReadonlyMap<LimitName, number> {
    return this.#most
  }

  #note(name: LimitName, whole: number): void {
    this.#most.set(name, Math.max(whole, this.#most.get(name) ?? 0))
  }
}

/** Of several spenders, how much was used of a limit in the period in which it was most. */
export function mostUsed(spenders: readonly Spender[], name: LimitName): number {
  const all = new Map<string, number>()
  for (const spender of spenders) {
    for (const [period, used] of spender.used(name)) {
      all.set(period, (all.get(period) ?? 0) + used)
    }
  }
  return Math.max(0, ...all.values())
}

function expectLimit(): never {
  throw new TypeError('a limit has a name')
}
