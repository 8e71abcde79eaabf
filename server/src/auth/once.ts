/** What may be shown once: nonces of requests, challenges of proofs. */
import type { Clock } from '@valetkey/wallet/protocol'
import type { OpenDatabase } from '../database/open.ts'

export interface Once {
  /** Whether this is the first time. @param madeAt when the client or we made it, Unix ms */
  readonly claim: (name: string, madeAt: number, expiresAt: number) => Promise<boolean>
  readonly sweep: () => Promise<void>
}

/** In memory for one process, in the database where several must agree. */
export function createOnce(database: OpenDatabase, clock: Clock): Once {
  return database.kind === 'postgres' ? inDatabase(database, clock) : inMemory(clock)
}

function inMemory(clock: Clock): Once {
  const startedAt = clock()
  const seen = new Map<string, number>()
  return {
    claim(name, madeAt, expiresAt) {
      // What the process before this one saw is forgotten: nothing of its time is taken again. Proofs
      // tell whole seconds.
      if (madeAt < Math.floor(startedAt / 1000) * 1000 || seen.has(name)) {
        return Promise.resolve(false)
      }
      seen.set(name, expiresAt)
      return Promise.resolve(true)
    },
    sweep() {
      const now = clock()
      for (const [name, expiresAt] of seen) if (expiresAt < now) seen.delete(name)
      return Promise.resolve()
    },
  }
}

function inDatabase({ queries }: OpenDatabase, clock: Clock): Once {
  return {
    async claim(name, _madeAt, expiresAt) {
      const { numInsertedOrUpdatedRows } = await queries
        .insertInto('once')
        .values({ name, expires_at: expiresAt })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows === 1n
    },
    async sweep() {
      await queries.deleteFrom('once').where('expires_at', '<', clock()).execute()
    },
  }
}
