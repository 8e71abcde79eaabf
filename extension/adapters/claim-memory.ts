import type { ClaimMemory, KeptClaim } from '@valetkey/wallet/relay'
import * as z from 'zod/mini'
import { browser } from './browser.ts'

const PREFIX = 'relay.claim '
const claimSchema = z.strictObject({ until: z.int(), hash: z.string() })

/** In `storage.session`, one entry a claim: each is written before its call, and none waits for the others. */
export function createClaimMemory(): ClaimMemory {
  return {
    async read() {
      const all = await browser.storage.session.get(null)
      return Object.entries(all).flatMap(([name, value]): KeptClaim[] => {
        const parsed = claimSchema.safeParse(value)
        const isOne = name.startsWith(PREFIX) && parsed.success
        return isOne ? [{ name: name.slice(PREFIX.length), ...parsed.data }] : []
      })
    },
    put: ({ name, until, hash }) =>
      browser.storage.session.set({ [PREFIX + name]: { until, hash } }),
    remove: (names) => browser.storage.session.remove(names.map((name) => PREFIX + name)),
  }
}
