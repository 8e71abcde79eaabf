import { WalletError, formatUsd, type ConsentRequest, type Terms } from '@valetkey/wallet/protocol'
import type { OpenVault } from '@valetkey/wallet/vault'
import type { CallQuestion, ConnectWish, SiteWish } from '../../adapters/consent-store.ts'
import { choicesFor } from '../apps.ts'
import { appOf, isByCode, isByOAuth, type AskedApp } from '@valetkey/wallet/linked'
import type { UiHandler, Wallet } from '../wallet.ts'

export const consentGet: UiHandler<'consent.get'> = async ({ id }, wallet) => {
  const vault = await wallet.session.required()
  const pending = await wallet.consents.find(id)
  if (!pending || pending.kind === 'capture') throw new WalletError('request.not_found')
  if (pending.kind === 'connect' && (await isCovered(pending, vault, wallet))) {
    // The vault was locked when the app asked: nothing is left to decide.
    await wallet.consents.settle(id, 'allow')
    throw new WalletError('request.not_found')
  }
  const choices = await choicesFor(vault, await termsOf(pending, vault, wallet), wallet)
  const app = pending.kind === 'connect' ? await wishOf(pending, vault, wallet) : null
  return { ...{ id, origin: pending.origin }, ...choices, call: callOf(pending), app }
}

type Question = SiteWish | CallQuestion | ConnectWish

async function termsOf(pending: Question, vault: OpenVault, wallet: Wallet): Promise<Terms> {
  switch (pending.kind) {
    case 'call':
      return pending.terms
    case 'site':
      return wallet.sites.propose(vault)
    case 'connect': {
      const { origin, request, link } = pending
      return wallet.connectedApps.propose(vault, link ? null : origin, request)
    }
  }
}

type AppWish = NonNullable<ConsentRequest['app']>

async function wishOf(asked: ConnectWish, vault: OpenVault, wallet: Wallet): Promise<AppWish> {
  const { capabilities, reason = null, budget = null, providers = [] } = asked.request
  const link = asked.link ? await byServer({ ...asked, link: asked.link }, vault, wallet) : null
  return { capabilities, reason, budget, providers, link }
}

async function byServer(
  asked: ConnectWish & AskedApp,
  vault: OpenVault,
  { linkedApps, serverLink }: Wallet,
): Promise<AppWish['link']> {
  const { origin, link } = asked
  const { name, publicKeys, origin: registered } = appOf(link)
  const isElsewhere = (await serverLink.chosen())?.origin !== link.server
  const about = { name, server: link.server, isElsewhere, canSeal: publicKeys.length > 0 }
  if (!isByOAuth(link)) return { ...about, byTab: null, byCode: null }
  const site = registered === '' ? null : registered
  if (isByCode(link)) {
    return { ...about, byTab: null, byCode: { fromAddress: link.details.fromAddress, site } }
  }
  const isKnown = (await linkedApps.standingOf(vault, asked)) !== 'none'
  return { ...about, byTab: { otherSite: site === origin ? null : site, isKnown }, byCode: null }
}

async function isCovered(asked: ConnectWish, vault: OpenVault, wallet: Wallet): Promise<boolean> {
  const { link } = asked
  if (!link) return wallet.connectedApps.isCovered(vault, asked)
  return (await wallet.linkedApps.standingOf(vault, { ...asked, link })) === 'covered'
}

function callOf(pending: Question): ConsentRequest['call'] {
  if (pending.kind !== 'call') return null
  const { provider, model, boundNanoUsd, expectedNanoUsd, why } = pending
  const usd = (nanoUsd: number | null) => (nanoUsd === null ? null : formatUsd(nanoUsd))
  return { provider, model, boundUsd: usd(boundNanoUsd), expectedUsd: usd(expectedNanoUsd), why }
}
