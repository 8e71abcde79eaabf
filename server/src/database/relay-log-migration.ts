import type { Migration } from 'kysely/migration'
import type { Dialect } from './dialect.ts'

/** What was relayed, and the chains of receipts for it. */
export function relayLog({ integer }: Dialect): Migration {
  return {
    async up({ schema }) {
      let log = schema
        .createTable('relay_log')
        .addColumn('connection_id', 'text', (column) => column.notNull())
        .addColumn('request_id', 'text', (column) => column.notNull())
        .addColumn('account_id', 'text', (column) => column.notNull())
        .addColumn('client_id', 'text', (column) => column.notNull())
        .addColumn('receipt_hash', 'text')
      for (const name of ['at', 'ms', 'bytes_in', 'bytes_out', 'status']) {
        log = log.addColumn(name, integer, (column) => column.notNull())
      }
      await log.addPrimaryKeyConstraint('relay_log_key', ['connection_id', 'request_id']).execute()
      for (const owner of ['account_id', 'client_id']) {
        await schema
          .createIndex(`relay_log_${owner}`)
          .on('relay_log')
          .columns([owner, 'at'])
          .execute()
      }
      await schema
        .createIndex('usage_client')
        .on('usage_rows')
        .columns(['client_id', 'at'])
        .execute()
      await schema
        .createTable('receipt_chains')
        .addColumn('account_id', 'text', (column) => column.notNull())
        .addColumn('device_id', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('n', integer, (column) => column.notNull())
        .addColumn('missing', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('receipt_chains_key', ['account_id', 'device_id'])
        .execute()
    },
  }
}

/** The key that calls of a connection are sealed to. */
export function relayKey(): Migration {
  return {
    async up({ schema }) {
      await schema.alterTable('connections').addColumn('relay_key', 'text').execute()
    },
  }
}
