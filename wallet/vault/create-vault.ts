import { SECRET_KEY_BYTES, checkedRandom, formatHlc } from '../crypto/index.ts'
import {
  WalletError,
  createId,
  toBase64url,
  type AccountId,
  type DeviceId,
  type Random,
  type RecordId,
  type VaultId,
} from '../protocol/index.ts'
import { readVaultState } from './header.ts'
import { OpenVault } from './open-vault.ts'
import { createDeviceSecret, createIdentity } from './own-keys.ts'
import { assertNewPassphrase, createPassphraseKey } from './passphrase-wrap.ts'
import type { VaultPorts } from './ports.ts'
import { createContent, sealable } from './record-content.ts'
import { createRecoveryKey, type RecoveryKit } from './recovery-wrap.ts'
import { createRootKeys } from './root-keys.ts'
import { sealFirstRow } from './sealed-row.ts'
import type { VaultHeader, VaultStore } from './store.ts'
import { sealWrapRows } from './wrap-row.ts'

/** A vault just made, open, and the recovery kit to be written down. */
export interface CreatedVault {
  readonly vault: OpenVault
  readonly kit: RecoveryKit
}

/**
 * Makes a vault: every id, the Secret Key, the recovery key, the root key of epoch 1, the keys of this
 * device and the identity, written in one commit. Runs the KDF once.
 * @throws `request.unprocessable` for a passphrase under 12 characters; `sync.conflict` if there is a vault
 * already, `vault.corrupt` or `vault.newer` if something unreadable is; `vault.quota`
 */
export async function createVault(ports: VaultPorts, passphrase: string): Promise<CreatedVault> {
  assertNewPassphrase(passphrase)
  await assertNoVault(ports.store)
  const random = checkedRandom(ports.random)
  const header = createHeader(random)
  const { vaultId, deviceId, epoch } = header
  const rootKey = random(32)
  const unlockKey = await createPassphraseKey({ header, kdf: ports.kdf, random }, passphrase)
  const { kit, wrapKey } = createRecoveryKey(header, random)
  const wraps = sealWrapRows({ header, random }, [unlockKey, wrapKey], rootKey)
  const keys = createRootKeys(vaultId, [{ epoch, rootKey }])
  const context = { vaultId, deviceId, epoch, keys, random }
  const stamp = { hlc: formatHlc(ports.clock(), 0), deviceId }
  const identity = createContent('identity', createIdentity(random), stamp)
  const rows = [
    ...wraps,
    // The device's keys stand under the device's own id (formats §3).
    sealFirstRow(context, deviceId as string as RecordId, createDeviceSecret(random), 'device'),
    sealFirstRow(context, createId<RecordId>(random), sealable(identity)),
  ]
  const expected = new Map(rows.map(({ recordId }) => [recordId, 0]))
  await ports.store.commit({ header, rows, expected, epoch: null })
  return { vault: new OpenVault(ports, header, keys), kit }
}

/**
 * C85: what cannot be read is never written over.
 * @throws `sync.conflict` if there is a vault, `vault.corrupt` or `vault.newer` if something unreadable is
 */
export async function assertNoVault(store: VaultStore): Promise<void> {
  const state = await readVaultState(store)
  switch (state) {
    case 'none':
      return
    case 'present':
      throw new WalletError('sync.conflict')
    case 'damaged':
      throw new WalletError('vault.corrupt')
    case 'newer':
      throw new WalletError('vault.newer')
  }
}

function createHeader(random: Random): VaultHeader {
  return {
    schema: 1,
    vaultId: createId<VaultId>(random),
    accountId: createId<AccountId>(random),
    deviceId: createId<DeviceId>(random),
    epoch: 1,
    minSuite: 1,
    secretKey: toBase64url(random(SECRET_KEY_BYTES)),
  }
}
