import { randomInt } from 'node:crypto'
import type { Kysely, SchemaModule } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Dialect } from './dialect.ts'

/** Apps get what OAuth wants of them; consent, codes and families of tokens get their tables. */
export function oauth({ integer }: Dialect): Migration {
  return {
    async up(database: Kysely<{ apps: { id: string; number: number } }>) {
      const { schema } = database
      const texts = {
        redirect_uris: '[]',
        scopes: '["api:access","profile:read"]',
        client_type: 'CONFIDENTIAL',
      }
      for (const [name, usual] of Object.entries(texts)) {
        await schema
          .alterTable('apps')
          .addColumn(name, 'text', (column) => column.notNull().defaultTo(usual))
          .execute()
      }
      const numbers = { access_ttl_s: 3600, refresh_ttl_s: 2_592_000, is_active: 1, updated_at: 0 }
      for (const [name, usual] of Object.entries({ ...numbers, number: 0 })) {
        await schema
          .alterTable('apps')
          .addColumn(name, integer, (column) => column.notNull().defaultTo(usual))
          .execute()
      }
      for (const { id } of await database.selectFrom('apps').select('id').execute()) {
        const number = randomInt(1, 2 ** 47)
        await database.updateTable('apps').set({ number }).where('id', '=', id).execute()
      }
      for (const name of ['family', 'scopes']) {
        await schema.alterTable('app_tokens').addColumn(name, 'text').execute()
      }
      await schema.createIndex('app_tokens_family').on('app_tokens').column('family').execute()
      await schema.createIndex('app_tokens_client').on('app_tokens').column('client_id').execute()
      await schema.createIndex('connections_client').on('connections').column('client_id').execute()
      await addTables(schema, integer)
    },
  }
}

async function addTables(schema: SchemaModule, integer: Dialect['integer']): Promise<void> {
  let families = schema
    .createTable('oauth_families')
    .addColumn('id', 'text', (column) => column.primaryKey())
  for (const name of ['account_id', 'connection_id', 'client_id', 'scopes', 'details', 'status']) {
    families = families.addColumn(name, 'text', (column) => column.notNull())
  }
  await families.addColumn('created_at', integer, (column) => column.notNull()).execute()
  await schema
    .createIndex('oauth_families_of')
    .on('oauth_families')
    .columns(['client_id', 'account_id'])
    .execute()
  let requests = schema
    .createTable('oauth_requests')
    .addColumn('id', 'text', (column) => column.primaryKey())
  for (const name of ['client_id', 'scopes', 'details', 'status']) {
    requests = requests.addColumn(name, 'text', (column) => column.notNull())
  }
  for (const name of [
    ...['redirect_uri', 'state', 'challenge', 'from_address', 'user_code', 'device_hash'],
    ...['account_id', 'connection_id'],
  ]) {
    requests = requests.addColumn(name, 'text')
  }
  await requests
    .addColumn('interval_s', integer, (column) => column.notNull())
    .addColumn('polled_at', integer, (column) => column.notNull())
    .addColumn('expires_at', integer, (column) => column.notNull())
    .execute()
  for (const name of ['user_code', 'device_hash']) {
    await schema
      .createIndex(`oauth_requests_${name}`)
      .unique()
      .on('oauth_requests')
      .column(name)
      .execute()
  }
  let codes = schema
    .createTable('oauth_codes')
    .addColumn('id', 'text', (column) => column.primaryKey())
  for (const name of [
    ...['account_id', 'connection_id', 'client_id', 'scopes', 'details'],
    ...['redirect_uri', 'challenge'],
  ]) {
    codes = codes.addColumn(name, 'text', (column) => column.notNull())
  }
  await codes
    .addColumn('expires_at', integer, (column) => column.notNull())
    .addColumn('used_at', integer)
    .execute()
}
