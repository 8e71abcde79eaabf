/**
 * When this device syncs: after each change of the vault, when the server says that there is something
 * new, when the vault is opened, and now and then. One run at a time; a change during a run brings the next.
 */
import * as z from 'zod/mini'
import {
  asWalletError,
  isWalletError,
  syncProblemSchema,
  toWire,
  type Clock,
  type RecordId,
  type StoredValue,
  type WalletError,
} from '../protocol/index.ts'
import type { OpenVault } from '../vault/index.ts'
import type { SyncOutcome } from './sync-client.ts'

/** Keys are saved in bursts: one push for what comes within so long. */
const GATHER_MS = 150
/** How old the last look may be before the next one is due, also with nothing to say. */
export const LOOK_AGAIN_MS = 15 * 60_000
/** A device that is on says so: one that hears of none for longer may be kept from it (protocols §1). */
export const SIGN_AGAIN_MS = 7 * 24 * 60 * 60_000
/** Full jitter between these, while the server is not reached. */
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
/** Only a person can end these: going on would hide them, or be refused again. */
const STOPS = ['sync.rollback', 'auth.failed', 'auth.forbidden', 'vault.newer'] as const

/** How the last run ended: kept beyond the worker's life. */
export const syncRecordSchema = z.strictObject({
  syncedAt: z.nullable(z.int()),
  seq: z.int(),
  problem: z.nullable(syncProblemSchema),
  /** When this device last signed a head. Absent: it has only begun to sync. */
  signedAt: z.optional(z.int()),
  /** When this device last heard of another one, or was the only one. */
  heardAt: z.optional(z.int()),
})
export type SyncRecord = z.infer<typeof syncRecordSchema>

export const NEVER_SYNCED: SyncRecord = { syncedAt: null, seq: 0, problem: null }

export interface DeviceSyncPorts {
  readonly record: StoredValue<SyncRecord>
  /** Null: the vault is locked, or has no server. */
  readonly open: () => Promise<OpenVault | null>
  /** @param signsAnyway whether a head is due where there is nothing to say */
  readonly run: (vault: OpenVault, signsAnyway: boolean) => Promise<SyncOutcome>
  /** Records came from other devices. */
  readonly onChanged: (vault: OpenVault, changed: readonly RecordId[]) => Promise<void>
  /** What windows show of it is another. */
  readonly onState: () => void
  /** A run goes on to its end though nobody waits for it, until the function it gives is called. */
  readonly keepalive: { readonly hold: () => () => void }
  readonly clock: Clock
  /** 0 to 1 */
  readonly draw: () => number
}

/**
 * How much of the time since the last sync says nothing of other devices: this one was off, and so may they have
 * been. A week of it counts all the same: C80: a server that answered only now and then would never be found out.
 */
function awayMs({ syncedAt }: SyncRecord, now: number): number {
  return syncedAt === null ? 0 : Math.max(0, now - syncedAt - SIGN_AGAIN_MS)
}

export class DeviceSync {
  readonly #ports: DeviceSyncPorts
  #running: Promise<void> | null = null
  #isAskedAgain = false
  #failures = 0
  /** How the last run of this worker's life ended; null: well. */
  #error: WalletError | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ports: DeviceSyncPorts) {
    this.#ports = ports
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  /** Something was written, here or there. Soon, and once for all that comes together. */
  soon(): void {
    this.#schedule(GATHER_MS)
  }

  /** The server has this head. */
  async onHead(seq: number): Promise<void> {
    if (seq !== (await this.#ports.record.read()).seq) this.soon()
  }

  /** Something waits for it: at once, unless it stopped. @throws what keeps it from being done */
  async run(): Promise<void> {
    await this.#runAlone(false)
    if (this.#error) throw this.#error
  }

  /** The person asked: also what stopped is tried again. @throws what keeps it from being done */
  async now(): Promise<void> {
    await this.#runAlone(true)
    if (this.#error) throw this.#error
  }

  /** Once a minute, and after every unlock. */
  async lookIfDue(isUnlock = false): Promise<void> {
    const { syncedAt, problem } = await this.#ports.record.read()
    const isOld = syncedAt === null || this.#ports.clock() - syncedAt >= LOOK_AGAIN_MS
    if (isUnlock || isOld || (problem && !stops(problem.code))) await this.#runAlone(false)
  }

  /** Runs a step between two runs: nothing else syncs meanwhile. @throws what the step throws */
  async alone<T>(step: () => Promise<T>): Promise<T> {
    while (this.#running) await this.#running
    const stepping = step()
    this.#running = stepping.then(
      () => undefined,
      () => undefined,
    )
    const ended = this.#running
    void ended.then(() => {
      if (this.#running === ended) this.#running = null
    })
    return stepping
  }

  /** Waits for the run there is. Nothing is begun any more by a timer. */
  async settle(): Promise<void> {
    clearTimeout(this.#timer)
    this.#isAskedAgain = false
    await this.#running
  }

  /** Another server, or none: what was known of the last run is of no use. */
  async forget(): Promise<void> {
    this.#error = null
    this.#failures = 0
    await this.#ports.record.write(NEVER_SYNCED)
  }

  #schedule(waitMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      void this.#runAlone(false)
    }, waitMs)
  }

  #runAlone(isAsked: boolean): Promise<void> {
    if (this.#running) {
      this.#isAskedAgain = true
      return this.#running
    }
    this.#running = this.#runUntilQuiet(isAsked).finally(() => {
      this.#running = null
      this.#ports.onState()
    })
    return this.#running
  }

  async #runUntilQuiet(isAsked: boolean): Promise<void> {
    const { record, open, keepalive } = this.#ports
    const { problem } = await record.read()
    if (problem && stops(problem.code) && !isAsked) return
    const release = keepalive.hold()
    try {
      do {
        this.#isAskedAgain = false
        const vault = await open()
        if (!vault) return
        this.#ports.onState()
        await this.#runOnce(vault)
      } while (this.#wantsAnother())
    } finally {
      release()
    }
  }

  /** Another change came during the run. */
  #wantsAnother(): boolean {
    return this.#isAskedAgain && this.#failures === 0
  }

  async #runOnce(vault: OpenVault): Promise<void> {
    const { record, run, onChanged, clock } = this.#ports
    try {
      const begun = clock()
      const before = await record.read()
      const { signedAt = begun, heardAt = begun } = before
      const { seq, changed, signed, heard } = await run(vault, begun - signedAt >= SIGN_AGAIN_MS)
      this.#failures = 0
      this.#error = null
      const syncedAt = clock()
      await record.write({
        ...{ syncedAt, seq, problem: null },
        signedAt: signed ? syncedAt : signedAt,
        heardAt: heard ? syncedAt : Math.min(begun, heardAt + awayMs(before, begun)),
      })
      if (changed.length > 0) await onChanged(vault, changed)
    } catch (error) {
      // Locked meanwhile: nothing went wrong, and the next unlock goes on.
      if (isWalletError(error, 'vault.locked')) return
      this.#error = asWalletError(error)
      const { code, details } = toWire(error, '')
      const problem = { code, at: clock(), ...(details && { details }) }
      await record.write({ ...(await record.read()), problem })
      if (stops(code)) return
      this.#failures = Math.min(this.#failures + 1, 16)
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures)
      this.#schedule(this.#ports.draw() * longest)
    }
  }
}

function stops(code: string): boolean {
  return STOPS.some((each) => each === code)
}
