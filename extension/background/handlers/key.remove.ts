import type { UiHandler } from '../wallet.ts'

export const keyRemove: UiHandler<'key.remove'> = async ({ keyId }, wallet) => {
  await wallet.session.required()
  const undoUntil = await wallet.removals.begin(keyId)
  wallet.announceChange()
  return { undoUntil }
}
