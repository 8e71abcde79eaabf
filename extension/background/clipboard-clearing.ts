/** A copied key leaves the clipboard by itself (security §5). */
import type { Clock } from '@valetkey/wallet/protocol'
import type { Clipboard } from '../adapters/clipboard.ts'
import type { SessionMemory } from '../adapters/session-memory.ts'
import type { Keepalive } from './keepalive.ts'

/** How long a copied key may lie on the clipboard. */
export const CLIPBOARD_CLEAR_MS = 30_000

interface ClearingPorts {
  readonly clipboard: Clipboard
  readonly clock: Clock
  readonly keepalive: Pick<Keepalive, 'hold'>
  /** When the clipboard is due, Unix ms; null: it holds no key of ours. */
  readonly memory: SessionMemory<number | null>
}

export class ClipboardClearing {
  readonly #ports: ClearingPorts

  constructor(ports: ClearingPorts) {
    this.#ports = ports
  }

  /**
   * A window of ours copied something. Whatever it was, it took the place of an earlier key.
   * @returns when the clipboard will be overwritten, null: never
   */
  async noteCopy(secret: boolean): Promise<number | null> {
    const { clipboard, clock, keepalive, memory } = this.#ports
    if (!secret || !(await clipboard.mayClear())) {
      await memory.write(null)
      return null
    }
    const dueAt = clock() + CLIPBOARD_CLEAR_MS
    await memory.write(dueAt)
    const release = keepalive.hold()
    setTimeout(() => {
      void this.clearIfDue().catch(ignore).finally(release)
    }, CLIPBOARD_CLEAR_MS)
    return dueAt
  }

  /** Overwrites the clipboard if a copied key has lain there long enough. */
  async clearIfDue(): Promise<void> {
    const { clipboard, clock, memory } = this.#ports
    const dueAt = await memory.read()
    if (dueAt === null || clock() < dueAt) return
    await clipboard.clear()
    // Only what was due: a key copied meanwhile has its own time.
    if ((await memory.read()) === dueAt) await memory.write(null)
  }
}

function ignore(): void {
  // The alarm tries again.
}
