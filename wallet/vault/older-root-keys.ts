/** Root keys of earlier epochs, each sealed under the one after it (formats §3, type 5). */
import { deriveEpochKey, openWrap, type RootKeyEntry } from '../crypto/index.ts'
import type { VaultId } from '../protocol/index.ts'
import type { StoredRow } from './store.ts'
import { liveWraps } from './wrap-row.ts'

/**
 * A root key and all before it that can be reached, the newest first: rows of an earlier epoch stay readable
 * until they are sealed again. A wrap that is damaged ends the chain, and nothing else.
 */
export function withOlderRootKeys(
  vaultId: VaultId,
  newest: RootKeyEntry,
  rows: readonly StoredRow[],
): RootKeyEntry[] {
  const wraps = liveWraps(rows, 'epoch')
  const entries = [newest]
  for (let entry: RootKeyEntry | undefined = newest; entry !== undefined;) {
    entry = openOlder(vaultId, entry, wraps)
    if (entry) entries.push(entry)
  }
  return entries
}

function openOlder(
  vaultId: VaultId,
  { epoch, rootKey }: RootKeyEntry,
  wraps: readonly StoredRow[],
): RootKeyEntry | undefined {
  const key = deriveEpochKey('wrap', rootKey, vaultId, epoch)
  const keyOf = () => key
  try {
    return wraps
      .map((row) =>
        opened(() => openWrap({ type: 'epoch', keyOf, vaultId, row, envelope: row.envelope })),
      )
      .find((entry) => entry?.epoch === epoch - 1)
  } finally {
    key.fill(0)
  }
}

function opened(open: () => RootKeyEntry): RootKeyEntry | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}
