import { forget } from '../kept-secrets.ts'
import { assertKept } from '../key-ring.ts'
import type { UiHandler } from '../wallet.ts'

export const keyForgetKept: UiHandler<'key.forget_kept'> = async (kept, wallet) => {
  const vault = await wallet.session.required()
  await assertKept(vault, wallet.removals, kept.keyId)
  await forget(vault, kept, wallet.clock())
  wallet.announceChange()
  return {}
}
