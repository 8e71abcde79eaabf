import * as z from 'zod/mini'
import { browser } from './browser.ts'

/**
 * What an unlocked vault leaves in `storage.session`: in memory, gone with the browser, refused to
 * content scripts (F9, F10). The worker dies when idle; without this every wake would ask the passphrase.
 */
const unlockedSchema = z.strictObject({
  rootKeys: z.array(z.strictObject({ epoch: z.int(), rootKey: z.string() })),
  /** Unix ms after which the vault is locked whatever happens. */
  lockAt: z.int(),
  /** Unix ms after which an unused vault is locked. */
  idleLockAt: z.int(),
  /** The clock at the last use: a clock set back locks. */
  seenAt: z.int(),
})
export type Unlocked = z.infer<typeof unlockedSchema>

export interface SessionCache {
  read(): Promise<Unlocked | null>
  write(unlocked: Unlocked): Promise<void>
  clear(): Promise<void>
}

const UNLOCKED = 'vault.unlocked'

export function createSessionCache(): SessionCache {
  return {
    async read() {
      const parsed = unlockedSchema.safeParse(
        (await browser.storage.session.get(UNLOCKED))[UNLOCKED],
      )
      return parsed.success ? parsed.data : null
    },
    write: (unlocked) => browser.storage.session.set({ [UNLOCKED]: unlocked }),
    clear: () => browser.storage.session.remove(UNLOCKED),
  }
}
