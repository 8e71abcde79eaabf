import * as z from 'zod/mini'
import { keyIdSchema } from '@valetkey/wallet/protocol'
import { browser } from './browser.ts'

/** A key the person removed, still whole in the vault until `dueAt` (Unix ms). */
const removalSchema = z.strictObject({ keyId: keyIdSchema, dueAt: z.int() })
export type Removal = z.infer<typeof removalSchema>

export interface RemovalStore {
  read(): Promise<readonly Removal[]>
  write(removals: readonly Removal[]): Promise<void>
}

const REMOVALS = 'keys.removed'

/** In `storage.local`, as random ids: a browser that ends within the time to undo must not forget them. */
export function createRemovalStore(): RemovalStore {
  return {
    async read() {
      const stored = (await browser.storage.local.get(REMOVALS))[REMOVALS]
      const parsed = z.array(removalSchema).safeParse(stored ?? [])
      // A damaged list removes nothing: the keys are there again.
      return parsed.success ? parsed.data : []
    },
    write: (removals) => browser.storage.local.set({ [REMOVALS]: removals }),
  }
}
