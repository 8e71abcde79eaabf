/** Small things that outlive the process, in the wallet's file; none of them is secret. */
import { parseJson, type StoredValue } from '@valetkey/wallet/protocol'
import type { ClaimMemory } from '@valetkey/wallet/relay'
import type * as z from 'zod/mini'
import type { WalletFile } from './wallet-file.ts'

/** @param initial what is read where nothing, or something else, was written */
export function createFileValue<T>(
  file: WalletFile,
  name: string,
  schema: z.ZodMiniType<T>,
  initial: T,
): StoredValue<T> {
  return {
    read: () =>
      file.read((sql) => {
        const stored = sql('SELECT json FROM state WHERE name = ?').get(name)
        const parsed = schema.safeParse(parseJson(String(stored?.['json'] ?? '')))
        return parsed.success ? parsed.data : initial
      }),
    write: (value) =>
      file.write((sql) => {
        sql('INSERT OR REPLACE INTO state (name, json) VALUES (?, ?)').run(
          ...[name, JSON.stringify(value)],
        )
      }),
  }
}

/** C105: what calls were begun; a process that was killed makes none of them a second time. */
export function createFileClaims(file: WalletFile): ClaimMemory {
  return {
    read: () =>
      file.read((sql) =>
        sql('SELECT name, until, hash FROM claims')
          .all()
          .map(({ name, until, hash }) => ({
            ...{ name: String(name), until: Number(until), hash: String(hash) },
          })),
      ),
    put: ({ name, until, hash }) =>
      file.write((sql) => {
        sql('INSERT OR REPLACE INTO claims (name, until, hash) VALUES (?, ?, ?)').run(
          ...[name, until, hash],
        )
      }),
    remove: (names) =>
      file.write((sql) => {
        for (const name of names) sql('DELETE FROM claims WHERE name = ?').run(name)
      }),
  }
}
