import type { CompiledQuery, Kysely } from 'kysely'
import type { OpenDatabase } from '../database/open.ts'
import type { Tables } from '../database/tables.ts'

/** The database, or a transaction on it. */
export type Queries = Kysely<Tables>

/**
 * All of `work` or nothing. Of two that change one account the second waits for the first: in SQLite for
 * the one connection, in PostgreSQL at {@link lockAccount}.
 */
export function inTransaction<T>(
  { queries }: OpenDatabase,
  work: (queries: Queries) => Promise<T>,
): Promise<T> {
  return queries.transaction().execute(work)
}

/** All of `work` sees the database as it was when it began. */
export function inSnapshot<T>(
  { kind, queries }: OpenDatabase,
  work: (queries: Queries) => Promise<T>,
): Promise<T> {
  const transaction = queries.transaction()
  // SQLite's transactions are serializable and know no other level.
  const whole = kind === 'postgres' ? transaction.setIsolationLevel('repeatable read') : transaction
  return whole.execute(work)
}

interface Built<R> {
  readonly compile: () => CompiledQuery<R>
}

/**
 * A query of every relayed call, put together once for each database: that costs more than the answer.
 * @param build with its parameters in the order in which the query has them
 * @returns the first row
 */
export function firstRowOf<P extends readonly unknown[], R>(
  build: (queries: Queries, ...params: P) => Built<R>,
): (queries: Queries, ...params: P) => Promise<R | undefined> {
  const known = new WeakMap<Queries, CompiledQuery<R>>()
  return async (queries, ...parameters) => {
    const compiled = known.get(queries) ?? build(queries, ...parameters).compile()
    known.set(queries, compiled)
    const { rows } = await queries.executeQuery<R>({ ...compiled, parameters })
    return rows[0]
  }
}
