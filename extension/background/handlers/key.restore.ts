import type { UiHandler } from '../wallet.ts'

export const keyRestore: UiHandler<'key.restore'> = async ({ keyId }, wallet) => {
  await wallet.session.required()
  await wallet.removals.undo(keyId)
  wallet.announceChange()
  return {}
}
