/** An open vault as sync works on it. */
import { WalletError, type EpochKey } from '../protocol/index.ts'
import { openEpochKey } from '../crypto/index.ts'
import type { NextEpoch, OpenVault } from '../vault/index.ts'
import type { SharedRow, SyncVault } from './sync-ports.ts'

/** The newest suite this version seals with. */
const SUITE = 1

export function createSyncVault(vault: OpenVault): SyncVault {
  const { vaultId } = vault
  return {
    vaultId,
    get deviceId() {
      return vault.deviceId
    },
    get epoch() {
      return vault.epoch
    },
    minSuite: SUITE,
    rows: () => vault.readShared(),
    merge: (ours, theirs) => vault.mergeShared(ours, theirs),
    bury: (row) => vault.bury(row),
    reseal: (row) => vault.reseal(row),
    readAllocations: () => vault.readAllocations(),
    sealAllocation: (row, fields) => vault.sealAllocation(row, fields),
    prepareEpoch: (epoch, keys, came) => prepareEpoch(vault, epoch, keys, came),
  }
}

async function prepareEpoch(
  vault: OpenVault,
  epoch: number,
  keys: readonly EpochKey[],
  came: readonly SharedRow[],
): Promise<NextEpoch> {
  const { vaultId, deviceId } = vault
  const own = keys.find((key) => key.deviceId === deviceId)
  if (!own) throw new WalletError('auth.forbidden', { reason: 'removed' })
  const { x25519 } = await vault.readDeviceKeys()
  try {
    return await vault.prepareEpoch(
      await openEpochKey({ vaultId, deviceId }, x25519, epoch, own),
      came,
    )
  } finally {
    x25519.fill(0)
  }
}
