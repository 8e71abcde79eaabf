import type { StoredValue } from '@valetkey/wallet/protocol'
import type * as z from 'zod/mini'
import { browser } from './browser.ts'
import { keepValue } from './kept-value.ts'
import { onStored } from './on-stored.ts'

/**
 * One value in `storage.local`.
 * @param initial what is read where nothing, or something else, was written
 */
export function createStoredValue<T>(
  name: string,
  schema: z.ZodMiniType<T>,
  initial: T,
): StoredValue<T> {
  const kept = keepValue(
    async () => {
      const parsed = schema.safeParse((await browser.storage.local.get(name))[name])
      return parsed.success ? parsed.data : initial
    },
    (value) => browser.storage.local.set({ [name]: value }),
  )
  onStored('local', name, kept.forget)
  return { read: kept.read, write: kept.write }
}
