/** What a device remembers between two syncs, as a store gives it back: checked, never half-believed. */
import * as z from 'zod/mini'
import {
  WalletError,
  deviceIdSchema,
  devicesDocumentSchema,
  limitPartsSchema,
  parseWith,
  pushRequestSchema,
  recordIdSchema,
  signedHeadSchema,
} from '../protocol/index.ts'
import type { SyncMemory } from './sync-ports.ts'

const count = z.int().check(z.nonnegative())

const syncedRowSchema = z.strictObject({
  recordId: recordIdSchema,
  rev: count,
  prev: z.instanceof(Uint8Array),
  del: z.union([z.literal(0), z.literal(1)]),
  writerDeviceId: deviceIdSchema,
  envelopeHash: z.instanceof(Uint8Array),
  seq: count,
})

const syncStateSchema = z.strictObject({
  head: z.nullable(signedHeadSchema),
  devices: devicesDocumentSchema,
  identity: z.string(),
  cursor: z.nullable(z.string()),
  floor: count,
  parts: z.optional(limitPartsSchema),
  outbox: z.nullable(z.strictObject({ push: pushRequestSchema, rows: z.array(syncedRowSchema) })),
})

/** @throws `request.not_found` where nothing was written yet; `vault.corrupt` for anything else than was */
export function parseSyncMemory(state: unknown, synced: readonly unknown[]): SyncMemory {
  if (state === undefined) throw new WalletError('request.not_found')
  return {
    state: parseWith(syncStateSchema, state, 'vault.corrupt'),
    synced: synced.map((row) => parseWith(syncedRowSchema, row, 'vault.corrupt')),
  }
}
