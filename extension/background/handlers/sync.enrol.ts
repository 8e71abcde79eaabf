import { afterUnlock } from '../after-unlock.ts'
import type { UiHandler } from '../wallet.ts'

export const syncEnrol: UiHandler<'sync.enrol'> = async (joining, wallet) => {
  await wallet.membership.enrol(joining)
  const vault = await wallet.session.open()
  if (vault) void afterUnlock(vault, wallet)
  wallet.announceChange()
  return {}
}
