/* eslint-disable no-console -- a command line prints */
/**
 * `npm run server -- admin COMMAND`, for who runs the server. There is no access to content, because there
 * is none.
 */
import { randomBytes } from 'node:crypto'
import { DatabaseSync, backup as copySqlite } from 'node:sqlite'
import { readConfig } from './config.ts'
import { openDatabase, type OpenDatabase } from './database/open.ts'
import { renewServerEpoch } from './stores/meta.ts'

const COMMANDS: Readonly<
  Record<string, (database: OpenDatabase, argument?: string) => Promise<unknown>>
> = {
  backup,
  counts,
  storage,
  health,
  restored,
}

const [name = '', argument] = process.argv.slice(2)
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
if (command) {
  const database = await openDatabase(readConfig(process.env).database)
  console.log(JSON.stringify(await command(database, argument), null, 2))
  await database.close()
} else {
  console.error(`Commands: ${Object.keys(COMMANDS).join(', ')}`)
  process.exitCode = 1
}

/** Copies the file, while the server runs. PostgreSQL has pg_dump. */
async function backup({ kind }: OpenDatabase, file?: string) {
  if (kind !== 'sqlite' || file === undefined) {
    throw new Error('backup FILE copies a SQLite database; for PostgreSQL use pg_dump.')
  }
  const source = new DatabaseSync(readConfig(process.env).database, { readOnly: true })
  const pages = await copySqlite(source, file)
  source.close()
  return { file, pages }
}

/** How many there are of each. */
async function counts({ queries }: OpenDatabase) {
  const tables = [
    'accounts',
    'devices',
    'rows',
    'heads',
    'sessions',
    'apps',
    'connections',
  ] as const
  const counted = await Promise.all(
    tables.map(async (table) => {
      const { count } = await queries
        .selectFrom(table)
        .select((select) => select.fn.countAll().as('count'))
        .executeTakeFirstOrThrow()
      return [table, Number(count)] as const
    }),
  )
  return Object.fromEntries(counted)
}

/** Bytes of envelopes, over all accounts and of the largest. */
async function storage({ queries }: OpenDatabase) {
  const { total, largest } = await queries
    .selectFrom('accounts')
    .select(({ fn }) => [fn.sum('stored_bytes').as('total'), fn.max('stored_bytes').as('largest')])
    .executeTakeFirstOrThrow()
  return { envelopeBytes: Number(total), largestAccountBytes: largest }
}

/** Whether the database answers, and which it is. */
async function health({ kind, queries }: OpenDatabase) {
  await queries.selectFrom('meta').select('name').execute()
  return { database: kind, status: 'ok' }
}

/** To be run once after a backup was restored: devices then fetch everything anew. */
async function restored(database: OpenDatabase) {
  await renewServerEpoch(database, (sizeBytes) => Uint8Array.from(randomBytes(sizeBytes)))
  return { status: 'Every device will fetch everything anew.' }
}
