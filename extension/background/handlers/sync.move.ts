import type { UiHandler } from '../wallet.ts'

export const syncMove: UiHandler<'sync.move'> = async ({ server, passphrase }, wallet) => {
  const made = await wallet.membership.move(server, passphrase)
  wallet.announceChange()
  return made
}
