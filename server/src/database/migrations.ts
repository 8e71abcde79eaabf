/** One schema for both databases. A migration that was released is never changed: the next one follows it. */
import type { Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import type { Dialect } from './dialect.ts'
import { oauth } from './oauth-migration.ts'
import { relayKey, relayLog } from './relay-log-migration.ts'
import type { Tables } from './tables.ts'

export async function migrate(database: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const migrations: Record<string, Migration> = {
    '0001-first': first(dialect),
    '0002-link': link(dialect),
    '0003-oauth': oauth(dialect),
    '0004-relay-log': relayLog(dialect),
    '0005-relay-key': relayKey(),
  }
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined)
    throw new Error('The database could not be brought up to date.', { cause: error })
}

function first({ bytes, integer }: Dialect): Migration {
  return {
    async up(database) {
      const { schema } = database
      await schema
        .createTable('meta')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('value', 'text', (column) => column.notNull())
        .execute()
      let accounts = schema
        .createTable('accounts')
        .addColumn('id', 'text', (column) => column.primaryKey())
      for (const name of [
        'vault_id',
        'salt',
        'kdf',
        'account_key',
        'recovery_key',
        'register_hash',
        'head_hash',
        'head',
        'sig',
        'devices',
      ]) {
        accounts = accounts.addColumn(name, 'text', (column) => column.notNull())
      }
      for (const name of [
        'suite',
        'epoch',
        'seq',
        'floor',
        'min_suite',
        'stored_bytes',
        'live_records',
        'created_at',
      ]) {
        accounts = accounts.addColumn(name, integer, (column) => column.notNull())
      }
      await accounts.addColumn('epoch_keys', 'text').addColumn('recovered_at', integer).execute()
      await addVault(database, { bytes, integer })
      await addTheRest(database, integer)
    },
  }
}

async function addVault(database: Kysely<unknown>, { bytes, integer }: Dialect): Promise<void> {
  const { schema } = database
  await schema
    .createTable('rows')
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('record_id', 'text', (column) => column.notNull())
    .addColumn('seq', integer, (column) => column.notNull())
    .addColumn('rev', integer, (column) => column.notNull())
    .addColumn('prev', 'text', (column) => column.notNull())
    .addColumn('del', integer, (column) => column.notNull())
    .addColumn('writer_device_id', 'text', (column) => column.notNull())
    .addColumn('epoch', integer, (column) => column.notNull())
    .addColumn('method', 'text')
    .addColumn('params', 'text')
    .addColumn('size_bytes', integer, (column) => column.notNull())
    .addColumn('envelope', bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('rows_key', ['account_id', 'record_id'])
    .execute()
  await schema
    .createIndex('rows_in_order')
    .on('rows')
    .columns(['account_id', 'seq', 'record_id'])
    .execute()
  await schema
    .createTable('heads')
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('seq', integer, (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('head', 'text', (column) => column.notNull())
    .addColumn('sig', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('heads_key', ['account_id', 'seq'])
    .addUniqueConstraint('heads_hash', ['account_id', 'hash'])
    .execute()
  await schema
    .createTable('devices')
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('ed25519', 'text', (column) => column.notNull())
    .addColumn('acked_seq', integer, (column) => column.notNull())
    .addColumn('seen_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('devices_key', ['account_id', 'device_id'])
    .execute()
}

async function addTheRest(database: Kysely<unknown>, integer: Dialect['integer']): Promise<void> {
  const { schema } = database
  await schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('expires_at', integer, (column) => column.notNull())
    .execute()
  await schema.createIndex('sessions_of').on('sessions').column('account_id').execute()
  let pairings = schema
    .createTable('pairings')
    .addColumn('id', 'text', (column) => column.primaryKey())
  for (const name of ['code', 'account_id', 'offer_value', 'reveal_value', 'grant_value']) {
    pairings = pairings.addColumn(name, 'text')
  }
  await pairings
    .addColumn('commit_value', 'text', (column) => column.notNull())
    .addColumn('expires_at', integer, (column) => column.notNull())
    .execute()
  await schema.createIndex('pairings_code').unique().on('pairings').column('code').execute()
  let apps = schema.createTable('apps').addColumn('id', 'text', (column) => column.primaryKey())
  for (const name of ['account_id', 'name', 'origin', 'public_keys', 'secret_hash']) {
    apps = apps.addColumn(name, 'text', (column) => column.notNull())
  }
  await apps.addColumn('created_at', integer, (column) => column.notNull()).execute()
  let connections = schema
    .createTable('connections')
    .addColumn('id', 'text', (column) => column.primaryKey())
  for (const name of ['account_id', 'client_id', 'status']) {
    connections = connections.addColumn(name, 'text', (column) => column.notNull())
  }
  await connections
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('expires_at', integer)
    .execute()
  let usage = schema
    .createTable('usage_rows')
    .addColumn('id', 'text', (column) => column.primaryKey())
  for (const name of ['account_id', 'connection_id', 'client_id', 'level']) {
    usage = usage.addColumn(name, 'text', (column) => column.notNull())
  }
  for (const name of ['at', 'requests', 'input_tokens', 'output_tokens', 'nano_usd']) {
    usage = usage.addColumn(name, integer, (column) => column.notNull())
  }
  await usage
    .addColumn('provider', 'text')
    .addColumn('model', 'text')
    .addColumn('status', integer)
    .execute()
  await schema
    .createIndex('usage_in_order')
    .on('usage_rows')
    .columns(['account_id', 'at'])
    .execute()
  await schema
    .createTable('once')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('expires_at', integer, (column) => column.notNull())
    .execute()
  // As rate-limiter-flexible keeps its counts.
  await schema
    .createTable('limits')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('points', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('expire', integer)
    .execute()
}

function link({ integer }: Dialect): Migration {
  return {
    async up({ schema }) {
      for (const name of ['wallet_key', 'sealed']) {
        await schema.alterTable('connections').addColumn(name, 'text').execute()
      }
      await schema
        .createTable('link_sessions')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('account_id', 'text', (column) => column.notNull())
        .addColumn('client_id', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('hints', 'text', (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .addColumn('used_at', integer)
        .execute()
      await schema
        .createTable('app_tokens')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('account_id', 'text', (column) => column.notNull())
        .addColumn('connection_id', 'text', (column) => column.notNull())
        .addColumn('client_id', 'text', (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .addColumn('used_at', integer)
        .execute()
      await schema
        .createIndex('app_tokens_of')
        .on('app_tokens')
        .columns(['account_id', 'connection_id'])
        .execute()
    },
  }
}
