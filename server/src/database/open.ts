import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import pg from 'pg'
import { migrate } from './migrations.ts'
import type { Tables } from './tables.ts'

export interface OpenDatabase {
  readonly kind: 'sqlite' | 'postgres'
  readonly queries: Kysely<Tables>
  /** PostgreSQL alone: other libraries share its connections. */
  readonly pool: pg.Pool | undefined
  readonly close: () => Promise<void>
}

/** Opens the database a setting names, and brings its schema up to date. */
export async function openDatabase(address: string): Promise<OpenDatabase> {
  const isPostgres = /^postgres(?:ql)?:/.test(address)
  const opened = isPostgres ? openPostgres(address) : openSqlite(address)
  try {
    await migrate(
      opened.queries,
      isPostgres ? { bytes: 'bytea', integer: 'bigint' } : { bytes: 'blob', integer: 'integer' },
    )
  } catch (error) {
    await opened.close()
    throw error
  }
  return opened
}

/** The type of bigint: no number of ours reaches 2⁵³, and read as text it would compare as text. */
const INT8 = 20

function openPostgres(connectionString: string): OpenDatabase {
  const types = new pg.TypeOverrides()
  types.setTypeParser(INT8, Number)
  const pool = new pg.Pool({
    connectionString,
    max: 16,
    types,
  })
  // A connection the server closed is replaced at its next use: without a listener it ends the process.
  pool.on('error', () => undefined)
  const queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return { kind: 'postgres', queries, pool, close: () => queries.destroy() }
}

const STATEMENTS_KEPT = 200

interface Prepared {
  readonly statement: StatementSync
  /** Whether it brings rows. */
  readonly reader: boolean
}

function openSqlite(file: string): OpenDatabase {
  const database = new DatabaseSync(file)
  // WAL with FULL: one sync a commit, and nothing acknowledged is lost with the power.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000')
  const statements = new Map<string, Prepared>()
  const statementFor = (sql: string): Prepared => {
    const known = statements.get(sql)
    if (known) return known
    if (statements.size >= STATEMENTS_KEPT) statements.clear()
    const statement = database.prepare(sql)
    const made = { statement, reader: statement.columns().length > 0 }
    statements.set(sql, made)
    return made
  }
  const dialect = new SqliteDialect({
    database: {
      prepare(sql) {
        const { statement, reader } = statementFor(sql)
        return {
          reader,
          all: (values) => statement.all(...toInputs(values)),
          run: (values) => statement.run(...toInputs(values)),
          iterate: (values) => statement.iterate(...toInputs(values)),
        }
      },
      close: () => {
        database.close()
      },
    },
  })
  const queries = new Kysely<Tables>({ dialect })
  return { kind: 'sqlite', queries, pool: undefined, close: () => queries.destroy() }
}

function toInputs(values: readonly unknown[]): SQLInputValue[] {
  return values as SQLInputValue[] // Kysely hands on what the tables' types allow
}
