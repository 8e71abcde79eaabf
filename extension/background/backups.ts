/** Backups as files: opened to be looked at, merged, or made the vault of this browser. */
import { fromBase64url, type BackupCredentialsText } from '@valetkey/wallet/protocol'
import {
  examineVault,
  openBackup,
  restoreVault,
  restoreVaultWithKit,
  type OpenVault,
  type OpenedBackup,
  type RecoveryKit,
  type UnlockAttempts,
  type VaultExamination,
  type VaultPorts,
} from '@valetkey/wallet/vault'

interface BackupsPorts {
  readonly vault: VaultPorts
  /** C84: a backup that anybody hands in must not make a guess at the passphrase free. */
  readonly attempts: UnlockAttempts
  /** Reads the database whatever its state. */
  readonly copyAsStored: () => Promise<string>
  /** Takes over a vault that was just restored. */
  readonly admit: (vault: OpenVault) => Promise<void>
}

/** On a machine without a vault both are needed. */
interface RestoreCredentials {
  readonly passphrase: string
  readonly secretKey: string
}

export class Backups {
  readonly #ports: BackupsPorts

  constructor(ports: BackupsPorts) {
    this.#ports = ports
  }

  /** What is there of the vault of this browser. */
  examine(): Promise<VaultExamination> {
    return examineVault(this.#ports.vault.store)
  }

  /** The vault of this browser as it is stored, damaged or not, as JSON. */
  copyAsStored(): Promise<string> {
    return this.#ports.copyAsStored()
  }

  /** @throws as `openBackup` does */
  async open(
    file: string,
    { passphrase, secretKey }: BackupCredentialsText,
  ): Promise<OpenedBackup> {
    const { vault, attempts } = this.#ports
    const bytes = fromBase64url(file)
    const given = secretKey === undefined ? {} : { secretKeyText: secretKey }
    return attempts.run(() => openBackup(vault, bytes, { passphrase, ...given }))
  }

  /** @returns how many records came back. @throws as `restoreVault` does: then nothing was written */
  async restore(file: string, credentials: RestoreCredentials): Promise<number> {
    const { vault, attempts, admit } = this.#ports
    const bytes = fromBase64url(file)
    const { passphrase, secretKey: secretKeyText } = credentials
    const restored = await attempts.run(() =>
      restoreVault(vault, bytes, { passphrase, secretKeyText }),
    )
    await admit(restored.vault)
    return restored.recordCount
  }

  /**
   * Restores with the recovery key of the backup's time, and renews everything that key could tell.
   * @returns the kit of the vault from now on. @throws as `restoreVaultWithKit` does: then nothing was written
   */
  async restoreWithKit(
    file: string,
    recoveryKeyText: string,
    newPassphrase: string,
  ): Promise<RecoveryKit> {
    const { vault, attempts, admit } = this.#ports
    const bytes = fromBase64url(file)
    const restored = await attempts.run(() =>
      restoreVaultWithKit(vault, bytes, { recoveryKeyText, newPassphrase }),
    )
    // It is committed: a cache that fails leaves a locked vault, not a person without a kit.
    await admit(restored.vault).catch(() => undefined)
    return restored.kit
  }
}
