import type { UiHandler } from '../wallet.ts'

export const vaultLock: UiHandler<'vault.lock'> = async (_params, wallet) => {
  // A full disk must not keep anyone from locking.
  await wallet.removals.finishAll().catch(() => undefined)
  await wallet.session.lock()
  return {}
}
