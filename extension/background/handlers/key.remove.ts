import type { UiHandler } from '../wallet.ts'

export const keyRemove: UiHandler<'key.remove'> = async ({ keyId }, wallet) => {
  const vault = await wallet.session.required()
  await vault.removeRecord(keyId)
  wallet.announceChange()
  return {}
}
