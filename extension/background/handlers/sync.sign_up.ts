import type { UiHandler } from '../wallet.ts'

export const syncSignUp: UiHandler<'sync.sign_up'> = async ({ server, passphrase }, wallet) => {
  const made = await wallet.membership.signUp(server, passphrase)
  wallet.announceChange()
  return made
}
