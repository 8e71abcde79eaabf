/** A new version of the extension waits until no call runs. */
import type { Keepalive } from './keepalive.ts'

/** What an update needs of the browser and the wallet. */
export interface UpdateSurroundings {
  readonly keepalive: Pick<Keepalive, 'whenFree'>
  /** Locks the vault: the new version starts without its root key. */
  readonly lock: () => Promise<void>
  /** Starts the new version; every page loses its port. */
  readonly restart: () => void
  /** A window shows that an update waits. */
  readonly announceChange: () => void
}

/** Installs an update of the extension at a moment that costs the person nothing. */
export class Updates {
  readonly #surroundings: UpdateSurroundings
  #isWaiting = false

  constructor(surroundings: UpdateSurroundings) {
    this.#surroundings = surroundings
  }

  /** Whether an update is here and waits for calls to end. */
  isWaiting(): boolean {
    return this.#isWaiting
  }

  /** The browser has a new version: it starts once no call runs, with the vault locked. */
  async install(): Promise<void> {
    if (this.#isWaiting) return
    this.#isWaiting = true
    const { keepalive, lock, restart, announceChange } = this.#surroundings
    announceChange()
    await keepalive.whenFree()
    // A restart forgets the root key too: a vault that cannot be locked does not hold the update up.
    await lock().catch(() => undefined)
    restart()
  }
}
