import { afterUnlock } from '../after-unlock.ts'
import type { UiHandler } from '../wallet.ts'

export const vaultRecover: UiHandler<'vault.recover'> = async (recovery, wallet) => {
  const kit = await wallet.kitRecovery.run(recovery)
  const vault = await wallet.session.open()
  if (vault) void afterUnlock(vault, wallet)
  wallet.announceChange()
  return { kit }
}
