import { WalletError, formatUsd, type ConsentRequest } from '@valetkey/wallet/protocol'
import { providerById } from '@valetkey/wallet/providers'
import { usableKeys } from '../key-ring.ts'
import { OFFERED_CAPABILITIES } from '../sites.ts'
import type { UiHandler } from '../wallet.ts'

export const consentGet: UiHandler<'consent.get'> = async (
  { id },
  wallet,
): Promise<ConsentRequest> => {
  const vault = await wallet.session.required()
  const pending = await wallet.consents.find(id)
  if (!pending) throw new WalletError('request.not_found')
  const keys = (await usableKeys(vault, wallet.removals)).map(({ id, fields }) => ({
    ...{ id, provider: fields.provider, label: fields.label },
  }))
  const proposed = pending.kind === 'site' ? await wallet.sites.propose(vault) : pending.terms
  const models = Object.fromEntries(
    keys.map(({ provider }) => [provider, [...providerById(provider).models]]),
  )
  return {
    ...{ id, origin: pending.origin, proposed, keys, models },
    capabilities: [...OFFERED_CAPABILITIES],
    call:
      pending.kind === 'site'
        ? null
        : {
            provider: pending.provider,
            model: pending.model,
            boundUsd: pending.boundNanoUsd === null ? null : formatUsd(pending.boundNanoUsd),
          },
  }
}
