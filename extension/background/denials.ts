/** C55: after a no, the same app may ask again only after a while, longer with every no. */
import * as z from 'zod/mini'
import { createTurns, type Clock } from '@valetkey/wallet/protocol'
import type { SessionMemory } from '../adapters/session-memory.ts'
import type { Answer } from './consents.ts'

/** How long an app keeps still after its first no, its second, and all others. Milliseconds. */
const WAITS_MS = [2_000, 60_000, 600_000] as const
/** Origins that are remembered: a no of long ago is worth less than one of now. */
const REMEMBERED = 200

export const denialsSchema = z.record(
  z.string(),
  z.strictObject({ count: z.int(), /** Unix ms */ at: z.int() }),
)
type Noted = z.infer<typeof denialsSchema>

export class Denials {
  readonly #memory: SessionMemory<Noted>
  readonly #clock: Clock
  readonly #alone = createTurns()

  constructor(memory: SessionMemory<Noted>, clock: Clock) {
    this.#memory = memory
    this.#clock = clock
  }

  /** Milliseconds until an app may ask again; 0: it may. */
  async wait(origin: string): Promise<number> {
    const noted = (await this.#memory.read())[origin]
    if (!noted) return 0
    const waitMs = WAITS_MS[Math.min(noted.count, WAITS_MS.length) - 1] ?? 0
    const leftMs = noted.at + waitMs - this.#clock()
    // A clock that was set back must not silence an app for longer than it would have been.
    return Math.min(Math.max(0, leftMs), waitMs)
  }

  /** A yes makes good what was said before; a question nobody answered counts as a no. */
  note(origin: string, answer: Answer): Promise<void> {
    return this.#alone(async () => {
      const { [origin]: before, ...others } = await this.#memory.read()
      if (answer === 'allow') return this.#memory.write(others)
      const latest = Object.entries(others)
        .sort(([, a], [, b]) => b.at - a.at)
        .slice(0, REMEMBERED - 1)
      const noted = { count: (before?.count ?? 0) + 1, at: this.#clock() }
      return this.#memory.write({ ...Object.fromEntries(latest), [origin]: noted })
    })
  }
}
