/** Where the wallet of this computer's person lies, and what the engine needs of it. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { LedgerStore } from '@valetkey/wallet/metering'
import type { Clock, Random } from '@valetkey/wallet/protocol'
import type { PassphraseKdf, VaultPorts, VaultStore } from '@valetkey/wallet/vault'
import { createFileLedgerStore } from './adapters/file-ledger-store.ts'
import { createFileSyncStore, type FileSyncStore } from './adapters/file-sync-store.ts'
import { createFileVaultStore } from './adapters/file-vault-store.ts'
import { preparePrivateFolder } from './adapters/private-file.ts'
import { openWalletFile, type WalletFile } from './adapters/wallet-file.ts'

export interface WalletHome {
  readonly folder: string
  readonly file: WalletFile
  readonly vault: VaultPorts
  readonly ledger: LedgerStore
  readonly sync: FileSyncStore
  /** What this process writes into the vault, but for what sync brought, is told from now on. */
  onWrite(listener: () => void): void
}

const clock: Clock = () => Date.now()
export const random: Random = (sizeBytes) => crypto.getRandomValues(new Uint8Array(sizeBytes))

/** @param folder what the person named; undefined: `.valetkey` in their own folder */
export function openWalletHome(
  kdf: PassphraseKdf,
  folder = join(homedir(), '.valetkey'),
): WalletHome {
  preparePrivateFolder(folder)
  const file = openWalletFile(join(folder, 'wallet.db'))
  const stored = createFileVaultStore(file)
  let told: () => void = () => undefined
  const store: VaultStore = {
    ...stored,
    async commit(change) {
      await stored.commit(change)
      told()
    },
  }
  return {
    ...{ folder, file, vault: { store, kdf, clock, random } },
    ...{ ledger: createFileLedgerStore(file), sync: createFileSyncStore(file) },
    onWrite(listener) {
      told = listener
    },
  }
}
