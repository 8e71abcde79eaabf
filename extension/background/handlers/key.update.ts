import { remind } from '../expiry-reminders.ts'
import { assertKept } from '../key-ring.ts'
import type { UiHandler } from '../wallet.ts'

export const keyUpdate: UiHandler<'key.update'> = async (
  { keyId, label, notes, expiresAt },
  wallet,
) => {
  const vault = await wallet.session.required()
  await assertKept(vault, wallet.removals, keyId)
  await vault.updateRecord('key', keyId, { label: label.trim(), notes, expiresAt })
  await remind(vault, wallet)
  wallet.announceChange()
  return {}
}
