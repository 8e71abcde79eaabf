import { WalletError } from '@valetkey/wallet/protocol'
import type { UiHandler } from '../wallet.ts'

/** "For an hour". */
const ONCE_MS = 60 * 60_000

export const consentDecide: UiHandler<'consent.decide'> = async (params, wallet) => {
  const vault = await wallet.session.required()
  const pending = await wallet.consents.find(params.id)
  if (!pending) throw new WalletError('request.not_found')
  if (params.decision === 'deny') {
    if (pending.kind === 'site') await wallet.permissions.giveBack(pending.origin)
    await wallet.consents.settle(params.id, 'deny')
    wallet.announceChange()
    return {}
  }
  if (pending.kind === 'site') {
    const expiresAt = params.decision === 'once' ? wallet.clock() + ONCE_MS : params.terms.expiresAt
    await wallet.sites.allow(vault, pending.origin, { ...params.terms, expiresAt })
  }
  await wallet.consents.settle(params.id, 'allow')
  wallet.announceChange()
  return {}
}
