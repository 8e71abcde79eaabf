import type { UiHandler } from '../wallet.ts'

export const protectionSetLock: UiHandler<'protection.set_lock'> = async (lock, wallet) => {
  const outcome = await wallet.protection.setLock(lock)
  wallet.announceChange()
  return outcome
}
