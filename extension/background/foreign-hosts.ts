/** Where a site sends its valet key besides the provider: to its own server, mostly. Told once each. */
import * as z from 'zod/mini'
import type { StoredValue } from '@valetkey/wallet/protocol'

/** A page chooses the hosts: it must not fill the store. */
const HOSTS_PER_SITE = 8
const HOST_LENGTH = 255

export const foreignHostsSchema = z.record(
  z.string(),
  z.array(z.strictObject({ host: z.string(), told: z.boolean() })),
)
type Noted = z.infer<typeof foreignHostsSchema>

export class ForeignHosts {
  readonly #stored: StoredValue<Noted>
  #last: Promise<unknown> = Promise.resolve()

  constructor(stored: StoredValue<Noted>) {
    this.#stored = stored
  }

  /** @returns whether this host is new for the site */
  note(origin: string, host: string): Promise<boolean> {
    return this.#change((noted) => {
      const before = noted[origin] ?? []
      const isNew = !before.some((each) => each.host === host)
      if (!isNew || before.length >= HOSTS_PER_SITE || host.length > HOST_LENGTH) return null
      return { ...noted, [origin]: [...before, { host, told: false }] }
    })
  }

  /** The newest host the person has not been told of. */
  async untold(origin: string): Promise<string | null> {
    const noted = await this.#stored.read()
    return noted[origin]?.findLast(({ told }) => !told)?.host ?? null
  }

  /** The person has read it. */
  async markTold(origin: string): Promise<void> {
    await this.#change((noted) => {
      const before = noted[origin]
      return before
        ? { ...noted, [origin]: before.map(({ host }) => ({ host, told: true })) }
        : null
    })
  }

  /** The site is off: it starts anew if it comes back. */
  async forget(origin: string): Promise<void> {
    await this.#change((noted) => {
      const { [origin]: gone, ...others } = noted
      return gone ? others : null
    })
  }

  /** One change after the other: each builds on what the one before it wrote. */
  #change(next: (noted: Noted) => Noted | null): Promise<boolean> {
    const change = this.#last
      .catch(() => undefined)
      .then(async () => {
        const changed = next(await this.#stored.read())
        if (changed) await this.#stored.write(changed)
        return changed !== null
      })
    this.#last = change
    return change
  }
}
