/** The one file of the wallet: sealed records, and the ledger in clear (random ids, no names). */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { WalletError } from '@valetkey/wallet/protocol'
import { claimPrivateFile } from './private-file.ts'

/** A prepared statement by its text. */
export type Statements = (sql: string) => StatementSync

export interface WalletFile {
  /** One step of several statements: all of it is on the disk when it resolves, or nothing of it ever is. */
  write<T>(step: (sql: Statements) => T): Promise<T>
  /** Several statements that see one moment. */
  read<T>(step: (sql: Statements) => T): Promise<T>
  /** Another number once another process wrote. */
  version(): number
  close(): void
}

const SCHEMA_VERSION = 2
const SCHEMA = `
  CREATE TABLE header (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL) STRICT;
  CREATE TABLE rows (
    record_id TEXT PRIMARY KEY, rev INTEGER NOT NULL, prev BLOB NOT NULL, del INTEGER NOT NULL,
    writer TEXT NOT NULL, envelope BLOB NOT NULL, method TEXT, params TEXT
  ) STRICT;
  CREATE INDEX wraps ON rows (method) WHERE method IS NOT NULL;
  CREATE TABLE reservations (request_id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE usage (
    request_id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX usage_by_time ON usage (started_at, request_id);
  CREATE TABLE days (id TEXT PRIMARY KEY, day TEXT NOT NULL, json TEXT NOT NULL) STRICT;
  CREATE INDEX days_by_day ON days (day);
  CREATE TABLE spend (
    grant_id TEXT, period TEXT, json TEXT NOT NULL, PRIMARY KEY (grant_id, period)
  ) STRICT;
  CREATE TABLE key_spend (
    key_id TEXT, period TEXT, nano_usd INTEGER NOT NULL, last_used_at INTEGER,
    PRIMARY KEY (key_id, period)
  ) STRICT;
  CREATE TABLE state (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
`
/** Of a wallet that is on a sync server: what was synced, and which relayed calls were begun. */
const SERVER_SCHEMA = `
  CREATE TABLE synced (
    place TEXT NOT NULL, record_id TEXT NOT NULL, rev INTEGER NOT NULL, prev BLOB NOT NULL,
    del INTEGER NOT NULL, writer TEXT NOT NULL, hash BLOB NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (place, record_id)
  ) STRICT;
  CREATE TABLE claims (name TEXT PRIMARY KEY, until INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
`

/** What SQLite says (its result codes), and what the stores' ports call it. */
const FULL = 13
const UNREADABLE = [10, 11, 14, 26]

/**
 * Opens the file, and makes it where there is none: mode 0600, and refused if others may read it.
 * @throws AgentError for a file of another user or that others may read; `vault.newer`, `vault.corrupt`
 */
export function openWalletFile(path: string): WalletFile {
  claimPrivateFile(path)
  const database = told(() => new DatabaseSync(path))
  try {
    // WAL with FULL: one sync a commit, and nothing acknowledged is lost with the power. SQLite gives the
    // files it adds the mode of this one.
    told(() => {
      database.exec(
        'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL',
      )
      prepareSchema(database)
    })
  } catch (error) {
    database.close()
    throw error
  }
  const known = new Map<string, StatementSync>()
  const sql: Statements = (text) => {
    const statement = known.get(text) ?? database.prepare(text)
    known.set(text, statement)
    return statement
  }
  return {
    write: (step) => settled(() => told(() => inOne(database, 'IMMEDIATE', () => step(sql)))),
    read: (step) => settled(() => told(() => inOne(database, 'DEFERRED', () => step(sql)))),
    version: () => Number(sql('PRAGMA data_version').get()?.['data_version']),
    close: () => {
      database.close()
    },
  }
}

function prepareSchema(database: DatabaseSync): void {
  inOne(database, 'IMMEDIATE', () => {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
    if (version === SCHEMA_VERSION) return
    if (version > SCHEMA_VERSION) throw new WalletError('vault.newer')
    if (version === 0) {
      // C85: what is no wallet is not made into one.
      const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()
      if (Number(tables?.['count']) > 0) throw new WalletError('vault.corrupt')
      database.exec(SCHEMA)
    }
    database.exec(`${SERVER_SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}`)
  })
}

function inOne<T>(database: DatabaseSync, kind: 'IMMEDIATE' | 'DEFERRED', step: () => T): T {
  database.exec(`BEGIN ${kind}`)
  try {
    const result = step()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk may have ended it already.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** What throws must reject, as a database's step does. */
function settled<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(act())
  })
}

/** SQLite's failures as those of the stores' ports. */
function told<T>(act: () => T): T {
  try {
    return act()
  } catch (cause) {
    const code = resultCode(cause)
    if (code === FULL) throw new WalletError('vault.quota', undefined, { cause })
    if (UNREADABLE.includes(code)) throw new WalletError('vault.corrupt', undefined, { cause })
    throw cause
  }
}

/** The primary code: the lower byte of an extended one. */
function resultCode(error: unknown): number {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : undefined
  return typeof code === 'number' ? code & 0xff : 0
}
