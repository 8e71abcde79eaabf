/** What lies between the devices and the server: it loses, delays and doubles, and knows what was taken. */
import type { ServerFetch } from '@valetkey/wallet/sync'
import type { Tally } from './tally.ts'

/** How often something happens to a request or its answer: 0 to 1. */
export interface Rates {
  readonly lose: number
  readonly late: number
  readonly double: number
}

const CALM: Rates = { lose: 0, late: 0, double: 0 }

type Listener = (path: string, body: string) => void

interface Surroundings {
  /** 0 to 1 */
  readonly chance: () => number
  readonly onSent: Listener
  /** The server did what it was asked. */
  readonly onTaken: Listener
  readonly tally: Tally
}

export class Network {
  readonly #server: ServerFetch
  readonly #around: Surroundings
  readonly #held: (() => Promise<void>)[] = []
  #rates: Rates

  constructor(server: ServerFetch, rates: Rates, around: Surroundings) {
    this.#server = server
    this.#rates = rates
    this.#around = around
  }

  /** From now on everything arrives, once, at once. */
  calm(): void {
    this.#rates = CALM
  }

  /** What was held back longest, or shortest, arrives after all; nobody waits for its answer any more. */
  async deliverLate(isOldest: boolean): Promise<void> {
    await (isOldest ? this.#held.shift() : this.#held.pop())?.()
  }

  async deliverAll(): Promise<void> {
    while (this.#held.length > 0) await this.deliverLate(true)
  }

  /** The server as a device reaches it. */
  for(device: { readonly isCut: boolean }): ServerFetch {
    return async (url, init) => {
      if (device.isCut) throw new TypeError('cut off')
      const { lose, late, double } = this.#rates
      const { chance, onSent, tally } = this.#around
      onSent(new URL(url).pathname, textOf(init))
      const fails = (what: string): never => {
        tally.count(what)
        throw new TypeError(what)
      }
      if (chance() < lose) fails('lost on the way there')
      if (init.method !== 'GET' && chance() < late) {
        this.#held.push(async () => {
          if ((await this.#ask(url, init)).ok) tally.count('taken late')
        })
        fails('held back')
      }
      const answer = await this.#ask(url, init)
      if (chance() < double) {
        tally.count('doubled')
        await this.#ask(url, init)
      }
      if (chance() < lose) fails('lost on the way back')
      return answer
    }
  }

  async #ask(url: string, init: RequestInit): Promise<Response> {
    const { pathname } = new URL(url)
    const answer = await this.#server(url, init)
    this.#around.tally.count(`${pathname} ${answer.status}`)
    if (answer.ok) this.#around.onTaken(pathname, textOf(init))
    return answer
  }
}

function textOf({ body }: RequestInit): string {
  return typeof body === 'string' ? body : ''
}
