import { WalletError } from '@valetkey/wallet/protocol'
import { keepCandidate } from '../kept-candidate.ts'
import type { UiHandler } from '../wallet.ts'

export const captureSave: UiHandler<'capture.save'> = async ({ id, ...wishes }, wallet) => {
  const vault = await wallet.session.required()
  const candidate = await wallet.captures.claim(id)
  if (!candidate) throw new WalletError('request.not_found')
  try {
    return await keepCandidate(candidate, wishes, { vault, wallet })
  } catch (error) {
    await wallet.captures.giveBack(candidate)
    throw error
  }
}
