/** Everything gone: the wallet as it was before its first run. */
import type { BrowserTraces } from '../adapters/browser-traces.ts'
import type { Keepalive } from './keepalive.ts'

/** Calls that were just stopped settle at once; nothing else that holds the worker is waited for. */
const SETTLING_MS = 2_000

interface ErasureSurroundings {
  readonly traces: BrowserTraces
  readonly keepalive: Pick<Keepalive, 'whenFree'>
  /** Stops every call and forgets the root key. */
  readonly lock: () => Promise<void>
  /** What parts of the wallet keep in memory of what was stored. */
  readonly forget: () => Promise<void>
}

export class Erasure {
  readonly #surroundings: ErasureSurroundings

  constructor(surroundings: ErasureSurroundings) {
    this.#surroundings = surroundings
  }

  /**
   * Removes everything. What cannot be removed keeps nothing else from going.
   * @throws what the first part that failed threw, once the others are gone
   */
  async run(): Promise<void> {
    const { traces, keepalive, lock, forget } = this.#surroundings
    // Nothing may be used, or written again by a call that ends, while it goes.
    const locked = await settle(lock())
    await Promise.race([keepalive.whenFree(), after(SETTLING_MS)])
    const permissions = await settle(traces.giveBackPermissions())
    const hooks = await settle(traces.removeHooks())
    const databases = await settle(traces.removeDatabases())
    const storage = await settle(traces.clearStorage())
    await forget()
    const failed = [databases, storage, permissions, hooks, locked].find((each) => each !== null)
    if (failed) throw failed.reason
  }
}

/** Null where it went well. */
async function settle(work: Promise<void>): Promise<{ readonly reason: unknown } | null> {
  try {
    await work
    return null
  } catch (error) {
    return { reason: error }
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
