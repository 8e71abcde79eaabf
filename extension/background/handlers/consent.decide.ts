import { WalletError, parseUsd, type UiParams } from '@valetkey/wallet/protocol'
import type { CallQuestion, ConnectWish, SiteWish } from '../../adapters/consent-store.ts'
import type { UiHandler, Wallet } from '../wallet.ts'

/** "For an hour". */
const ONCE_MS = 60 * 60_000

export const consentDecide: UiHandler<'consent.decide'> = async (params, wallet) => {
  // A key that waits to be saved is answered in its own way.
  const asked = await wallet.consents.find(params.id)
  const pending = asked?.kind === 'capture' ? null : await wallet.consents.claim(params.id)
  if (!pending || pending.kind === 'capture') throw new WalletError('request.not_found')
  if (params.decision === 'deny') {
    // A locked vault must not keep anyone from saying no.
    if (pending.kind === 'site') await wallet.permissions.giveBack(pending.origin)
    await wallet.consents.finish(pending, 'deny')
  } else {
    await allow(pending, params, wallet)
    await wallet.consents.finish(pending, 'allow')
    if (params.decision === 'raise' && pending.kind === 'call') {
      await wallet.consents.allowUpTo(pending.grantId, parseUsd(params.askAbove))
    }
  }
  wallet.announceChange()
  return {}
}

type Allowing = Exclude<UiParams<'consent.decide'>, { decision: 'deny' }>

/** An answer that could not be kept is asked for again: nothing is lost. */
async function allow(
  pending: SiteWish | CallQuestion | ConnectWish,
  params: Allowing,
  wallet: Wallet,
): Promise<void> {
  try {
    if (pending.kind === 'call') await allowCall(pending, params, wallet)
    else await allowTerms(pending, params, wallet)
  } catch (error) {
    await wallet.consents.add(pending)
    throw error
  }
}

async function allowTerms(
  wish: SiteWish | ConnectWish,
  params: Allowing,
  wallet: Wallet,
): Promise<void> {
  const vault = await wallet.session.required()
  if (params.decision === 'raise') throw new WalletError('request.unprocessable')
  const expiresAt = params.decision === 'once' ? wallet.clock() + ONCE_MS : params.terms.expiresAt
  const terms = { ...params.terms, expiresAt }
  if (wish.kind === 'site') {
    await wallet.sites.allow(vault, wish.origin, terms)
    return
  }
  if (wish.link) {
    await wallet.linkedApps.allow(vault, { ...wish, link: wish.link }, terms)
    return
  }
  await wallet.connectedApps.allow(vault, wish.origin, terms)
  await wallet.consents.allowConnects(wish.origin, (other) =>
    wallet.connectedApps.isCovered(vault, other),
  )
}

async function allowCall(asked: CallQuestion, params: Allowing, wallet: Wallet): Promise<void> {
  const vault = await wallet.session.required()
  if (params.decision !== 'raise') return
  const { boundNanoUsd, grantId } = asked
  // C44: what nothing bounds fits under no amount, and must be asked about each time.
  if (boundNanoUsd === null || parseUsd(params.askAbove) < boundNanoUsd) {
    throw new WalletError('request.unprocessable')
  }
  await wallet.sites.raiseAskAbove(vault, grantId, params.askAbove)
}
