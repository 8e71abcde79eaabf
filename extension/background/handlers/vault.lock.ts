import type { UiHandler } from '../router.ts'

export const vaultLock: UiHandler<'vault.lock'> = async (_params, wallet) => {
  await wallet.session.lock()
  return {}
}
