import type { UiHandler } from '../wallet.ts'

export const vaultLock: UiHandler<'vault.lock'> = async (_params, wallet) => {
  await wallet.session.lock()
  return {}
}
