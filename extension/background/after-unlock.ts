import type { OpenVault } from '@valetkey/wallet/vault'
import { remind } from './expiry-reminders.ts'
import { removeOverdue } from './kept-secrets.ts'
import { doKeyChores } from './key-chores.ts'
import type { Wallet } from './wallet.ts'

/**
 * What waited for the vault to be open. Nobody waits for it in turn: it looks at every record, and of
 * what it brings about the site index of before serves calls meanwhile. A part that fails is done again at
 * the next change or alarm.
 */
export async function afterUnlock(vault: OpenVault, wallet: Wallet): Promise<void> {
  await Promise.allSettled([wallet.sites.synchronise(vault), doKeyChores(wallet)])
  await wallet.pages.announceToApps()
  await wallet.inject.reconcile().catch(() => undefined)
  await remind(vault, wallet).catch(() => undefined)
  await removeOverdue(vault, wallet.clock()).catch(() => undefined)
  wallet.announceChange()
  await wallet.resumeSync().catch(() => undefined)
}
