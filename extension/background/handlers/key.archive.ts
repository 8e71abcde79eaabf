import { remind } from '../expiry-reminders.ts'
import { assertKept } from '../key-ring.ts'
import type { UiHandler } from '../wallet.ts'

export const keyArchive: UiHandler<'key.archive'> = async ({ keyId, archived }, wallet) => {
  const vault = await wallet.session.required()
  await assertKept(vault, wallet.removals, keyId)
  await vault.updateRecord('key', keyId, { archived })
  await remind(vault, wallet)
  wallet.announceChange()
  return {}
}
