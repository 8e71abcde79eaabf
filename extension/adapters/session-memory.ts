import type * as z from 'zod/mini'
import { browser } from './browser.ts'

/** One value in `storage.session`: in memory, beyond the worker's life, gone with the browser. */
export interface SessionMemory<T> {
  read(): Promise<T>
  write(value: T): Promise<void>
}

/** @param initial what is read where nothing, or something else, was written */
export function createSessionMemory<T>(
  name: string,
  schema: z.ZodMiniType<T>,
  initial: T,
): SessionMemory<T> {
  return {
    async read() {
      const parsed = schema.safeParse((await browser.storage.session.get(name))[name])
      return parsed.success ? parsed.data : initial
    },
    write: (value) => browser.storage.session.set({ [name]: value }),
  }
}
