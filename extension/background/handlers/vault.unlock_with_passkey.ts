import { afterUnlock } from '../after-unlock.ts'
import type { UiHandler } from '../wallet.ts'

export const vaultUnlockWithPasskey: UiHandler<'vault.unlock_with_passkey'> = async (
  touch,
  wallet,
) => {
  await wallet.protection.unlockWithPasskey(touch)
  void afterUnlock(await wallet.session.required(), wallet)
  wallet.announceChange()
  return {}
}
