/** The ways into a vault: a passphrase that is typed, or a key file. */
import type { OpenVault, VaultPorts } from '@valetkey/wallet/vault'
import { readVaultState, unlockVault, unlockWithPasskey } from '@valetkey/wallet/vault'
import { AgentError } from './agent-error.ts'
import type { Terminal } from './adapters/terminal.ts'
import { forgetKeyFile, readKeyFile } from './key-file.ts'

/** @throws AgentError where there is no wallet yet; else as the vault's own ways do */
export async function openVault(
  ports: VaultPorts,
  terminal: Terminal,
  keyFilePath: string | undefined,
): Promise<OpenVault> {
  if ((await readVaultState(ports.store)) === 'none') {
    throw new AgentError('There is no wallet here yet. See: valetkey agent create')
  }
  if (keyFilePath === undefined) return unlockVault(ports, await terminal.askSecret('Passphrase:'))
  const answer = readKeyFile(keyFilePath)
  try {
    return await unlockWithPasskey(ports, answer)
  } finally {
    forgetKeyFile(answer)
  }
}
