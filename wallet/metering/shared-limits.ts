/**
 * How much of the limits of grants this device may use up, of a vault that several devices have (C67). Calls
 * ask it from memory: once for each grant of a worker's life a row is read, and of a vault without a server
 * nothing at all.
 */
import {
  readLimitName,
  type Clock,
  type GrantId,
  type LimitAsk,
  type LimitName,
  type LimitParts,
} from '../protocol/index.ts'
import { WHOLE, type LimitPart, type LimitPorts } from './hold-call.ts'
import type { Ledger } from './ledger.ts'

/** How long a call waits for what another device may give. */
const WAIT_MS = 3_000
/** A limit nobody gave anything of is not waited for again so soon: its calls are refused at once. */
const ASK_AGAIN_MS = 60_000
/** Clocks of two devices may differ by so much: what one gives away counts in the period before as well. */
const CLOCKS_DIFFER_MS = 3_600_000

interface SharedLimitsPorts {
  readonly hasServer: () => Promise<boolean>
  /** As the last commit of a sync left them. */
  readonly readParts: () => Promise<LimitParts>
  /** Whether this device made a grant; null where the vault is locked. */
  readonly isMaker: (grantId: GrantId) => Promise<boolean | null>
  /** One run of a sync, with whatever it throws. */
  readonly sync: () => Promise<void>
  readonly ledger: () => Pick<Ledger, 'usedOf' | 'whenHeld'>
  readonly clock: Clock
}

/** To the ledger the {@link LimitPorts}, to sync what it lowers and raises. */
export class SharedLimits implements LimitPorts {
  readonly #ports: SharedLimitsPorts
  /** Null: the vault has no server. Undefined: not known yet. */
  #parts: LimitParts | null | undefined
  /** Whether this device made a grant: what nobody was given of it is then its own. */
  readonly #made = new Map<GrantId, boolean>()
  readonly #asks = new Map<string, LimitAsk>()
  readonly #askedAt = new Map<string, number>()
  readonly #waiting = new Set<() => void>()
  #life = 0

  constructor(ports: SharedLimitsPorts) {
    this.#ports = ports
  }

  get now(): Clock {
    return this.#ports.clock
  }

  partOf(grantId: GrantId): LimitPart | Promise<LimitPart> {
    if (this.#parts === null) return WHOLE
    const isMade = this.#made.get(grantId)
    if (this.#parts === undefined || isMade === undefined) return this.#load(grantId)
    return this.#partIn(grantId, isMade)
  }

  /** @returns whether the part has grown enough; at the latest after {@link WAIT_MS} */
  async askForMore(grantId: GrantId, limit: LimitName, target: number): Promise<boolean> {
    if (!this.#parts) return false
    const name = `${grantId} ${limit}`
    const now = this.#ports.clock()
    this.#asks.set(name, { grantId, limit, target, at: now })
    const isGrown = (): boolean => (this.#parts?.[grantId]?.[limit] ?? 0) >= target
    // An app that calls on and on must not have the server asked each time.
    if (now - (this.#askedAt.get(name) ?? -Infinity) < ASK_AGAIN_MS) return isGrown()
    this.#askedAt.set(name, now)
    return this.#within(WAIT_MS, isGrown)
  }

  async used(grantId: GrantId, name: LimitName): Promise<number> {
    const limit = readLimitName(name)
    if (!limit) return 0
    const { usedOf } = this.#ports.ledger()
    const [now, before] = await Promise.all([
      usedOf(grantId, limit),
      usedOf(grantId, limit, CLOCKS_DIFFER_MS),
    ])
    return Math.max(now, before)
  }

  async lower(parts: LimitParts): Promise<void> {
    this.#parts = parts
    await this.#ports.ledger().whenHeld()
  }

  note(parts: LimitParts): void {
    this.#parts = parts
    for (const look of this.#waiting) look()
  }

  takeAsks(): readonly LimitAsk[] {
    const asks = [...this.#asks.values()]
    this.#asks.clear()
    return asks
  }

  /** Another vault, another server, or none. */
  readonly forget = (): void => {
    this.#life += 1
    this.#parts = undefined
    for (const each of [this.#made, this.#asks, this.#askedAt]) each.clear()
  }

  /** A sync that was faster knows better. */
  #know(parts: LimitParts | null): void {
    this.#parts = this.#parts === undefined ? parts : this.#parts
  }

  #partIn(grantId: GrantId, isMade: boolean): LimitPart {
    // Looked up when the call is held, not before: it may have been lowered since.
    return (name, whole) => this.#parts?.[grantId]?.[name] ?? (isMade ? whole : 0)
  }

  async #load(grantId: GrantId): Promise<LimitPart> {
    const { hasServer, readParts, isMaker } = this.#ports
    const life = this.#life
    if (this.#parts === undefined) {
      const parts = (await hasServer()) ? await readParts() : null
      // Another vault is there, and this was asked of the one before.
      if (life !== this.#life) return this.partOf(grantId)
      this.#know(parts)
    }
    if (this.#parts === null) return WHOLE
    const isMade = await isMaker(grantId)
    if (isMade !== null && life === this.#life) this.#made.set(grantId, isMade)
    return this.#partIn(grantId, isMade ?? false)
  }

  async #within(waitMs: number, isGrown: () => boolean): Promise<boolean> {
    let look = (): void => undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const grown = new Promise<void>((resolve) => {
      look = () => {
        if (isGrown()) resolve()
      }
      timer = setTimeout(resolve, waitMs)
      this.#waiting.add(look)
      // Where the server is not reached nobody will give anything.
      this.#ports.sync().then(look, () => {
        resolve()
      })
    })
    await grown
    clearTimeout(timer)
    this.#waiting.delete(look)
    return isGrown()
  }
}
