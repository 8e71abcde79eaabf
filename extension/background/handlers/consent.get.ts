import { WalletError, formatUsd, type ConsentRequest, type Terms } from '@valetkey/wallet/protocol'
import type { OpenVault } from '@valetkey/wallet/vault'
import type { CallQuestion, ConnectWish, SiteWish } from '../../adapters/consent-store.ts'
import { choicesFor } from '../apps.ts'
import type { UiHandler, Wallet } from '../wallet.ts'

export const consentGet: UiHandler<'consent.get'> = async ({ id }, wallet) => {
  const vault = await wallet.session.required()
  const pending = await wallet.consents.find(id)
  if (!pending || pending.kind === 'capture') throw new WalletError('request.not_found')
  if (pending.kind === 'connect' && (await wallet.connectedApps.isCovered(vault, pending))) {
    // The vault was locked when the app asked: nothing is left to decide.
    await wallet.consents.settle(id, 'allow')
    throw new WalletError('request.not_found')
  }
  const choices = await choicesFor(vault, await termsOf(pending, vault, wallet), wallet)
  const app = pending.kind === 'connect' ? wishOf(pending) : null
  return { ...{ id, origin: pending.origin }, ...choices, call: callOf(pending), app }
}

type Question = SiteWish | CallQuestion | ConnectWish

async function termsOf(pending: Question, vault: OpenVault, wallet: Wallet): Promise<Terms> {
  switch (pending.kind) {
    case 'call':
      return pending.terms
    case 'site':
      return wallet.sites.propose(vault)
    case 'connect':
      return wallet.connectedApps.propose(vault, pending.origin, pending.request)
  }
}

function wishOf({ request }: ConnectWish): ConsentRequest['app'] {
  const { capabilities, reason = null, budget = null, providers = [] } = request
  return { capabilities, reason, budget, providers }
}

function callOf(pending: Question): ConsentRequest['call'] {
  if (pending.kind !== 'call') return null
  const { provider, model, boundNanoUsd, expectedNanoUsd, why } = pending
  const usd = (nanoUsd: number | null) => (nanoUsd === null ? null : formatUsd(nanoUsd))
  return { provider, model, boundUsd: usd(boundNanoUsd), expectedUsd: usd(expectedNanoUsd), why }
}
