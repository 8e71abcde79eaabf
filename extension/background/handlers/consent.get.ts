import { WalletError, formatUsd, type ConsentRequest } from '@valetkey/wallet/protocol'
import type { CallQuestion, SiteWish } from '../../adapters/consent-store.ts'
import { choicesFor } from '../apps.ts'
import type { UiHandler } from '../wallet.ts'

export const consentGet: UiHandler<'consent.get'> = async ({ id }, wallet) => {
  const vault = await wallet.session.required()
  const pending = await wallet.consents.find(id)
  if (!pending || pending.kind === 'capture') throw new WalletError('request.not_found')
  const terms = pending.kind === 'site' ? await wallet.sites.propose(vault) : pending.terms
  const choices = await choicesFor(vault, terms, wallet)
  return { ...{ id, origin: pending.origin }, ...choices, call: callOf(pending) }
}

function callOf(pending: SiteWish | CallQuestion): ConsentRequest['call'] {
  if (pending.kind === 'site') return null
  const { provider, model, boundNanoUsd, expectedNanoUsd, why } = pending
  const usd = (nanoUsd: number | null) => (nanoUsd === null ? null : formatUsd(nanoUsd))
  return { provider, model, boundUsd: usd(boundNanoUsd), expectedUsd: usd(expectedNanoUsd), why }
}
