/** The wrap that the recovery kit opens. */
import {
  RECOVERY_KEY_BYTES,
  deriveRecoveryWrapKey,
  formatRecoveryKey,
  formatSecretKey,
  type RootKeyEntry,
} from '../crypto/index.ts'
import { WalletError, type AccountId, type Random } from '../protocol/index.ts'
import { readSecretKey } from './header.ts'
import type { ReadVault } from './read-vault.ts'
import type { StoredRow, VaultHeader } from './store.ts'
import { NO_PARAMS, onlyWrap, openWrapRow, type WrapKey } from './wrap-row.ts'

/** What the person prints or saves, shown once: neither key can be shown again. */
export interface RecoveryKit {
  readonly accountId: AccountId
  /** `VK1-…` */
  readonly secretKeyText: string
  /** `VR1-…` */
  readonly recoveryKeyText: string
}

/** A fresh recovery key: the kit that names it and the key of its wrap. */
export function createRecoveryKey(
  header: VaultHeader,
  random: Random,
): { readonly kit: RecoveryKit; readonly wrapKey: WrapKey } {
  const recoveryKey = random(RECOVERY_KEY_BYTES)
  const wrapKey = recoveryWrapKey(header, recoveryKey)
  const kit = {
    accountId: header.accountId,
    secretKeyText: formatSecretKey(readSecretKey(header)),
    recoveryKeyText: formatRecoveryKey(recoveryKey),
  }
  recoveryKey.fill(0)
  return { kit, wrapKey }
}

/** The key of the recovery wrap. Made of 256 random bits, it needs no slow hash. */
export function recoveryWrapKey(header: VaultHeader, recoveryKey: Uint8Array): WrapKey {
  const key = deriveRecoveryWrapKey(recoveryKey, header.vaultId)
  return { method: 'recovery', params: NO_PARAMS, key }
}

/**
 * What a recovery key opens, and the wrap it opened. The recovery key is zeroed.
 * @throws `request.not_found` where no wrap is in force; `vault.unlock_failed` for another recovery key;
 * `vault.corrupt`, `vault.newer`
 */
export function openRecoveryWrap(
  { header, rows }: Pick<ReadVault, 'header' | 'rows'>,
  recoveryKey: Uint8Array,
): { readonly wrap: StoredRow; readonly entry: RootKeyEntry } {
  const wrap = onlyWrap(rows, 'recovery')
  if (wrap === null) throw new WalletError('request.not_found')
  const wrapKey = recoveryWrapKey(header, recoveryKey)
  recoveryKey.fill(0)
  try {
    return { wrap, entry: openWrapRow(header, wrapKey, wrap) }
  } finally {
    wrapKey.key.fill(0)
  }
}
