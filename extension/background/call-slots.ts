import { CALLS_PER_ORIGIN, WalletError } from '@valetkey/wallet/protocol'
import type { Keepalive } from './keepalive.ts'

export interface SlotSurroundings {
  readonly keepalive: Pick<Keepalive, 'hold'>
  /** Open calls and sockets of an origin over all its ports. */
  readonly openCalls: Map<string, number>
}

/** The slots the calls and sockets of one page port take among those of its origin. */
export class CallSlots {
  readonly #origin: string
  readonly #surroundings: SlotSurroundings
  readonly #seen = new Set<string>()

  constructor(origin: string, surroundings: SlotSurroundings) {
    this.#origin = origin
    this.#surroundings = surroundings
  }

  /**
   * Takes a slot, and holds the worker with it: nobody else keeps it alive while page and provider are
   * silent.
   * @returns gives the slot back; to be called once
   * @throws `request.replayed`, `request.rate_limited`
   */
  take(callId: string): () => void {
    // C17: an id is used once, also after its call ended.
    if (this.#seen.has(callId)) throw new WalletError('request.replayed')
    this.#seen.add(callId)
    const { openCalls, keepalive } = this.#surroundings
    const running = openCalls.get(this.#origin) ?? 0
    // C61: sockets count among the calls of an origin.
    if (running >= CALLS_PER_ORIGIN) {
      throw new WalletError('request.rate_limited', { retryAfterMs: 1000 })
    }
    openCalls.set(this.#origin, running + 1)
    const release = keepalive.hold()
    return () => {
      release()
      openCalls.set(this.#origin, (openCalls.get(this.#origin) ?? 1) - 1)
    }
  }

  /** Holds the worker for what a call leaves to do, while its slot is free for the next. */
  holdWhile(work: Promise<void>): void {
    const release = this.#surroundings.keepalive.hold()
    void work.finally(release)
  }
}
