import * as z from 'zod/mini'
import { browser } from './browser.ts'
import { keepValue } from './kept-value.ts'
import { onStored } from './on-stored.ts'

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
/** Each call is a use, but only uses this far apart are written: a worker that dies locks that much early. */
const WRITE_AFTER_MS = 10_000

/** The cache in `storage.session`, kept in memory too while the worker lives. */
export function createSessionCache(): SessionCache {
  let stored: Unlocked | null = null
  const kept = keepValue<Unlocked | null>(
    async () => {
      const parsed = unlockedSchema.safeParse(
        (await browser.storage.session.get(UNLOCKED))[UNLOCKED],
      )
      stored = parsed.success ? parsed.data : null
      return stored
    },
    async (unlocked) => {
      if (isSameUse(stored, unlocked)) return
      stored = null
      if (unlocked) await browser.storage.session.set({ [UNLOCKED]: unlocked })
      else await browser.storage.session.remove(UNLOCKED)
      stored = unlocked
    },
  )
  // Whoever takes the keys out of it has locked: what we remember must not outlive that.
  onStored('session', UNLOCKED, kept.forget)
  return { read: kept.read, write: kept.write, clear: () => kept.write(null) }
}

/** Whether a use differs from the last written one by nothing but a little time. */
function isSameUse(written: Unlocked | null, use: Unlocked | null): boolean {
  if (!written || !use) return false
  const laterMs = use.seenAt - written.seenAt
  const isSoon = laterMs >= 0 && laterMs < WRITE_AFTER_MS
  return isSoon && use.rootKeys === written.rootKeys && use.lockAt === written.lockAt
}
