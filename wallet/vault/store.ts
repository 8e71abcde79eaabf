import * as z from 'zod/mini'
import {
  accountIdSchema,
  deviceIdSchema,
  recordIdSchema,
  vaultIdSchema,
} from '../protocol/index.ts'

/** What must be readable before anything is unlocked (formats §2). The Secret Key stands in it in clear. */
export const vaultHeaderSchema = z.strictObject({
  schema: z.literal(1),
  vaultId: vaultIdSchema,
  accountId: accountIdSchema,
  deviceId: deviceIdSchema,
  epoch: z.int().check(z.positive()),
  minSuite: z.int().check(z.positive()),
  /** base64url of the 16 bytes */
  secretKey: z.string(),
})
export type VaultHeader = z.infer<typeof vaultHeaderSchema>

const revision = z.int().check(z.nonnegative())

/** A stored row, exactly these members (formats §3). Wraps alone also have `method` and `params`. */
export const storedRowSchema = z.strictObject({
  recordId: recordIdSchema,
  rev: revision,
  prev: z.instanceof(Uint8Array),
  del: z.union([z.literal(0), z.literal(1)]),
  writerDeviceId: deviceIdSchema,
  envelope: z.instanceof(Uint8Array),
  method: z.optional(z.enum(['passphrase', 'recovery', 'passkey', 'epoch'])),
  params: z.optional(z.string()),
})
export type StoredRow = z.infer<typeof storedRowSchema>

/** A change to the vault: all of it is written, or nothing. */
export interface VaultChange {
  /** Written with the rows. */
  readonly header?: VaultHeader
  /** Rows to add or replace, by record id. */
  readonly rows: readonly StoredRow[]
  /**
   * What the change was computed from: the rev each named row has now, 0 for none. If another writer
   * was faster, nothing is written and the store throws `sync.conflict`.
   */
  readonly expected: ReadonlyMap<StoredRow['recordId'], number>
  /** True only when the vault is being created: the store throws `sync.conflict` if a header is there. */
  readonly creating?: boolean
}

/**
 * The store port of the vault. Values come back unchecked (`unknown`): the vault parses them, so that
 * a damaged or foreign store is refused with a code and never half-read.
 * Failures to write for lack of room are `vault.quota`; a store that cannot be read is `vault.corrupt`.
 */
export interface VaultStore {
  readHeader(): Promise<unknown>
  readRow(recordId: string): Promise<unknown>
  readRows(): Promise<readonly unknown[]>
  commit(change: VaultChange): Promise<void>
}
