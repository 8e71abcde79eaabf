import type { UnlockAttempts, VaultPorts } from '@valetkey/wallet/vault'
import { createBrowserTraces } from '../adapters/browser-traces.ts'
import { copyDatabase } from '../adapters/database-copy.ts'
import { VAULT_DATABASE } from '../adapters/dexie-vault-store.ts'
import { Backups } from './backups.ts'
import { Erasure } from './erasure.ts'
import type { Keepalive } from './keepalive.ts'
import type { Wallet } from './wallet.ts'

interface Surroundings extends Pick<Wallet, 'session' | 'pages' | 'removals'> {
  readonly vault: VaultPorts
  readonly attempts: UnlockAttempts
  readonly keepalive: Keepalive
}

/** The parts of the wallet that bring a whole vault in, and take everything away. */
export function createTransferParts(
  surroundings: Surroundings,
): Pick<Wallet, 'backups' | 'erasure'> {
  const { vault, attempts, keepalive, session, pages, removals } = surroundings
  const backups = new Backups({
    ...{ vault, attempts },
    copyAsStored: () => copyDatabase(VAULT_DATABASE),
    admit: (opened) => session.admit(opened),
  })
  const erasure = new Erasure({
    ...{ traces: createBrowserTraces(), keepalive },
    lock: async () => {
      pages.abortCalls(undefined, 'grant.revoked')
      await session.lock()
    },
    forget: () => removals.forget(),
  })
  return { backups, erasure }
}
