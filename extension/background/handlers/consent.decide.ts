import { WalletError, type UiParams } from '@valetkey/wallet/protocol'
import type { Pending } from '../../adapters/consent-store.ts'
import type { UiHandler, Wallet } from '../wallet.ts'

/** "For an hour". */
const ONCE_MS = 60 * 60_000

export const consentDecide: UiHandler<'consent.decide'> = async (params, wallet) => {
  const pending = await wallet.consents.claim(params.id)
  if (!pending) throw new WalletError('request.not_found')
  if (params.decision === 'deny') {
    // A locked vault must not keep anyone from saying no.
    if (pending.kind === 'site') await wallet.permissions.giveBack(pending.origin)
    await wallet.consents.finish(pending, 'deny')
  } else {
    await allow(pending, params, wallet)
    await wallet.consents.finish(pending, 'allow')
  }
  wallet.announceChange()
  return {}
}

type Allowing = Extract<UiParams<'consent.decide'>, { decision: 'allow' | 'once' }>

/** An answer that could not be kept is asked for again: nothing is lost. */
async function allow(pending: Pending, params: Allowing, wallet: Wallet): Promise<void> {
  try {
    const vault = await wallet.session.required()
    if (pending.kind === 'call') return
    const expiresAt = params.decision === 'once' ? wallet.clock() + ONCE_MS : params.terms.expiresAt
    await wallet.sites.allow(vault, pending.origin, { ...params.terms, expiresAt })
  } catch (error) {
    await wallet.consents.add(pending)
    throw error
  }
}
