import * as z from 'zod/mini'
import { grantIdSchema, originSchema, providerIdSchema } from '@valetkey/wallet/protocol'
import { browser } from './browser.ts'
import { keepValue } from './kept-value.ts'
import { onStored } from './on-stored.ts'

/** One credential of one site, without the credential: readable while the vault is locked (formats §7). */
const entrySchema = z.strictObject({
  origin: originSchema,
  /** Null: the app was connected, its grant names the providers. */
  provider: z.nullable(providerIdSchema),
  /** SHA-256 of the valet key, or of the id of a connected app's grant; base64url */
  valetKeyHash: z.string(),
  grantId: grantIdSchema,
  /** Of a connected app alone: the person paused it. */
  isPaused: z.optional(z.boolean()),
})
export type SiteIndexEntry = z.infer<typeof entrySchema>

export interface SiteIndex {
  entries(): Promise<readonly SiteIndexEntry[]>
  find(origin: string, valetKeyHash: string): Promise<SiteIndexEntry | null>
  /** The entry of the grant an app of this origin was given by connecting. */
  findConnected(origin: string): Promise<SiteIndexEntry | null>
  /** Replaces the whole index. */
  replace(entries: readonly SiteIndexEntry[]): Promise<void>
}

const INDEX = 'sites'

/** The index in `storage.local`, kept in memory while the worker lives: one read serves every call. */
export function createSiteIndex(): SiteIndex {
  const index = keepValue(
    async (): Promise<readonly SiteIndexEntry[]> => {
      const stored = (await browser.storage.local.get(INDEX))[INDEX]
      const parsed = z.array(entrySchema).safeParse(stored ?? [])
      // A damaged index grants nothing; it is rebuilt from the vault at the next unlock.
      return parsed.success ? parsed.data : []
    },
    (entries) => browser.storage.local.set({ [INDEX]: entries }),
  )
  onStored('local', INDEX, index.forget)
  return {
    entries: index.read,
    async find(origin, valetKeyHash) {
      const all = await index.read()
      return (
        all.find((entry) => entry.origin === origin && entry.valetKeyHash === valetKeyHash) ?? null
      )
    },
    async findConnected(origin) {
      const all = await index.read()
      return all.find((entry) => entry.origin === origin && entry.provider === null) ?? null
    },
    replace: index.write,
  }
}
