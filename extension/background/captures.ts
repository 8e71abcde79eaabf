/**
 * Keys that wait to be confirmed: in memory only, for two minutes at most, and only one from a tab. Each has
 * a question in the queue, without the key.
 */
import {
  CANDIDATE_MS,
  WalletError,
  createTurns,
  keyTestSchema,
  originSchema,
  providerIdSchema,
  type CaptureVia,
  type Clock,
  type KeyTest,
  type ProviderId,
  type ProviderKey,
} from '@valetkey/wallet/protocol'
import * as z from 'zod/mini'
import type { SessionMemory } from '../adapters/session-memory.ts'
import type { Consents } from './consents.ts'

/** C55: more keys than this never wait at the same time, however many tabs propose one. */
const MOST_WAITING = 4

export const candidateSchema = z.strictObject({
  id: z.string(),
  provider: providerIdSchema,
  key: z.string(),
  origin: z.nullable(originSchema),
  via: z.enum(['page', 'copy', 'selection']),
  name: z.string(),
  tabId: z.nullable(z.int()),
  /** Unix ms */
  forgottenAt: z.int(),
  test: z.nullable(keyTestSchema),
})
export type Candidate = z.infer<typeof candidateSchema>

/** A key as it was picked up. */
export interface PickedUp {
  readonly provider: ProviderId
  readonly key: ProviderKey
  readonly origin: string | null
  readonly via: CaptureVia
  /** What the page calls it; '' for nothing. */
  readonly name: string
  readonly tabId: number | null
}

interface CapturePorts {
  readonly memory: SessionMemory<readonly Candidate[]>
  readonly consents: Pick<Consents, 'add' | 'bringForward' | 'release'>
  readonly clock: Clock
  readonly createId: () => string
}

export class Captures {
  readonly #ports: CapturePorts
  readonly #alone = createTurns()

  constructor(ports: CapturePorts) {
    this.#ports = ports
  }

  /**
   * Asks the person about a key, in a window of ours. The same key again brings its window to the front.
   * @throws `request.rate_limited` while another one of that tab, or too many, wait for an answer (C55)
   */
  async ask(picked: PickedUp): Promise<void> {
    const { candidate, isTaken } = await this.#alone(async () => {
      const waiting = await this.#waiting()
      const same = waiting.find(({ key }) => key === picked.key)
      const ofTab = waiting.find(({ tabId }) => tabId !== null && tabId === picked.tabId)
      const standing = same ?? ofTab ?? (waiting.length >= MOST_WAITING ? waiting[0] : undefined)
      if (standing) return { candidate: standing, isTaken: standing === same }
      const added = this.#candidateOf(picked)
      await this.#ports.memory.write([...waiting, added])
      await this.#ports.consents.add({ kind: 'capture', id: added.id, windowId: null })
      return { candidate: added, isTaken: true }
    })
    await this.#show(candidate)
    if (!isTaken) throw new WalletError('request.rate_limited')
  }

  async find(id: string): Promise<Candidate | null> {
    return (await this.#alone(() => this.#waiting())).find((each) => each.id === id) ?? null
  }

  noteTest(id: string, test: KeyTest): Promise<void> {
    return this.#alone(async () => {
      const waiting = await this.#waiting()
      await this.#ports.memory.write(
        waiting.map((each) => (each.id === id ? { ...each, test } : each)),
      )
    })
  }

  /** Takes a key out, so that it is saved once. Null: it is forgotten, or saved already. */
  claim(id: string): Promise<Candidate | null> {
    return this.#alone(async () => {
      const waiting = await this.#waiting()
      const claimed = waiting.find((each) => each.id === id)
      if (!claimed) return null
      await this.#ports.memory.write(waiting.filter((each) => each !== claimed))
      return claimed
    })
  }

  /** Puts a key back that could not be saved: until its time is over it can be tried again. */
  giveBack(candidate: Candidate): Promise<void> {
    return this.#alone(async () => {
      await this.#ports.memory.write([...(await this.#waiting()), candidate])
    })
  }

  /** Forgets a key. Its window stays: whoever closed it is rid of it, and one that stands says what became of it. */
  async discard(id: string): Promise<void> {
    await this.claim(id)
    await this.#ports.consents.release(id)
  }

  /** Forgets what waited for too long. */
  async dropOver(): Promise<void> {
    await this.#alone(() => this.#waiting())
  }

  #candidateOf({ origin, ...picked }: PickedUp): Candidate {
    const forgottenAt = this.#ports.clock() + CANDIDATE_MS
    const known = originSchema.safeParse(origin).success ? origin : null
    return { ...picked, id: this.#ports.createId(), origin: known, forgottenAt, test: null }
  }

  async #show({ id, forgottenAt }: Candidate): Promise<void> {
    // Whoever wakes later forgets it too: the minute alarm, and whatever looks.
    setTimeout(() => void this.dropOver(), forgottenAt - this.#ports.clock())
    try {
      await this.#ports.consents.bringForward(id)
    } catch (error) {
      await this.discard(id)
      throw error
    }
  }

  /** The keys whose time is not over; a clock that was set back ends it too. */
  async #waiting(): Promise<readonly Candidate[]> {
    const all = await this.#ports.memory.read()
    const now = this.#ports.clock()
    const isOver = ({ forgottenAt }: Candidate) =>
      forgottenAt <= now || forgottenAt > now + CANDIDATE_MS
    const over = all.filter(isOver)
    if (over.length === 0) return all
    const waiting = all.filter((each) => !isOver(each))
    await this.#ports.memory.write(waiting)
    for (const { id } of over) await this.#ports.consents.release(id)
    return waiting
  }
}
