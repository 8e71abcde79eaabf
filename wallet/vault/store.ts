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
  /**
   * The epoch of the header the change was computed from, null where there was no header. If it is another
   * by now, nothing is written: `sync.conflict`. C88: a record sealed under a root key that was replaced
   * meanwhile could never be read again.
   */
  readonly epoch: number | null
  /**
   * For a change of every row: how many there were. If there are more or fewer, nothing is written:
   * `sync.conflict`. A row added meanwhile would stay behind under the old root key.
   */
  readonly rowCount?: number
}

/** Header and rows as they were at one moment. */
export interface VaultSnapshot {
  readonly header: unknown
  readonly rows: readonly unknown[]
}

/**
 * For stores: what {@link VaultChange.epoch} is compared with. Null where there is no header; NaN, which
 * equals nothing, where it cannot be read.
 */
export function storedEpoch(header: unknown): number | null {
  if (header === undefined) return null
  const parsed = vaultHeaderSchema.safeParse(header)
  return parsed.success ? parsed.data.epoch : Number.NaN
}

/** For stores: whether a stored value is a wrap, and no record. */
export function isWrap(stored: unknown): boolean {
  return (
    typeof stored === 'object' && stored !== null && Reflect.get(stored, 'method') !== undefined
  )
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
  /** Both in one transaction: no commit falls between them. */
  readAll(): Promise<VaultSnapshot>
  /** The header and the rows that {@link isWrap}, in one transaction: of many records none is read. */
  readWraps(): Promise<VaultSnapshot>
  commit(change: VaultChange): Promise<void>
}
