import * as z from 'zod/mini'
import { deriveEpochKey, type RootKeyEntry } from '../crypto/index.ts'
import { WalletError, fromBase64url, toBase64url, type VaultId } from '../protocol/index.ts'

const exportedRootKeySchema = z.strictObject({
  epoch: z.int().check(z.positive()),
  /** base64url of the 32 bytes */
  rootKey: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
})
const exportedRootKeysSchema = z.array(exportedRootKeySchema).check(z.minLength(1))
/** A root key as the session cache keeps it, in memory only. */
export type ExportedRootKey = z.infer<typeof exportedRootKeySchema>

/** The root keys of an open vault, and what is derived from them. After `wipe` each use is `vault.locked`. */
export interface RootKeys {
  /** K_record of an epoch, `undefined` for one without a root key here. */
  recordKey(epoch: number): Uint8Array | undefined
  export(): ExportedRootKey[]
  isOpen(): boolean
  wipe(): void
}

/** Takes the root keys over: `wipe` zeroes the given arrays too. */
export function createRootKeys(vaultId: VaultId, entries: readonly RootKeyEntry[]): RootKeys {
  const recordKeys = new Map(
    entries.map(({ epoch, rootKey }) => [epoch, deriveEpochKey('record', rootKey, vaultId, epoch)]),
  )
  let open = true
  const assertOpen = () => {
    if (!open) throw new WalletError('vault.locked')
  }
  return {
    recordKey: (epoch) => {
      assertOpen()
      return recordKeys.get(epoch)
    },
    export: () => {
      assertOpen()
      return entries.map(({ epoch, rootKey }) => ({ epoch, rootKey: toBase64url(rootKey) }))
    },
    isOpen: () => open,
    wipe: () => {
      open = false
      for (const { rootKey } of entries) rootKey.fill(0)
      for (const key of recordKeys.values()) key.fill(0)
      recordKeys.clear()
    },
  }
}

/**
 * Reads what {@link RootKeys.export} gave and a session cache kept.
 * @throws `vault.locked` for anything else: the person unlocks again
 */
export function importRootKeys(vaultId: VaultId, exported: unknown): RootKeys {
  const parsed = exportedRootKeysSchema.safeParse(exported)
  if (!parsed.success) throw new WalletError('vault.locked')
  try {
    const entries = parsed.data.map(({ epoch, rootKey }) => ({
      epoch,
      rootKey: fromBase64url(rootKey),
    }))
    return createRootKeys(vaultId, entries)
  } catch {
    throw new WalletError('vault.locked')
  }
}
